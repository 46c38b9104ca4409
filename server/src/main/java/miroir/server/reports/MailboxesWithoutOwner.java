package miroir.server.reports;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import miroir.server.directory.DirectoryResource;
import miroir.server.directory.Mailbox;
import miroir.server.pages.Words;
import org.jspecify.annotations.Nullable;

/** Secure mailboxes that stand with what is over, or with a role whose person is over or not here. */
final class MailboxesWithoutOwner implements Check {
    @Override
    public String code() {
        return "mailboxes-without-owner";
    }

    @Override
    public Words title() {
        return new Words("Boîtes MSSanté sans titulaire", "MSSanté mailboxes without an owner");
    }

    @Override
    public Words meaning() {
        return new Words(
                "La boîte appartient à une ressource inactive, ou à une situation d’exercice dont la personne est inactive ou absente.",
                "The mailbox belongs to an inactive resource, or to a role whose person is inactive or not here.");
    }

    @Override
    public Set<String> types() {
        return new TreeSet<>(Set.of("Practitioner", "PractitionerRole", "Organization"));
    }

    @Override
    public long wrong(List<Finding> findings) {
        return findings.size();
    }

    /** What has some. */
    private record Owner(DirectoryResource resource, List<Mailbox> mailboxes) {}

    @Override
    public long look(Batch batch, Consumer<Finding> found) {
        List<Owner> owners = batch.resources().stream()
                .map(each -> new Owner(each, Mailbox.of(each.root())))
                .filter(each -> !each.mailboxes().isEmpty())
                .toList();
        Map<String, DirectoryResource> people = people(batch, owners);
        for (Owner owner : owners) {
            String why = why(batch.type(), owner.resource(), people);
            if (why != null) {
                owner.mailboxes()
                        .forEach(mailbox ->
                                found.accept(new Finding(owner.resource(), mailbox.address() + " (" + why + ")")));
            }
        }
        return owners.stream().mapToLong(owner -> owner.mailboxes().size()).sum();
    }

    private static Map<String, DirectoryResource> people(Batch batch, List<Owner> owners) {
        return batch.type().equals("PractitionerRole")
                ? batch.elsewhere()
                        .resources(
                                "Practitioner",
                                owners.stream()
                                        .map(owner -> person(owner.resource()))
                                        .filter(Objects::nonNull)
                                        .toList())
                : Map.of();
    }

    private static @Nullable String person(DirectoryResource role) {
        return role.referred("practitioner", "Practitioner");
    }

    private static @Nullable String why(
            String type, DirectoryResource resource, Map<String, DirectoryResource> people) {
        if (!resource.isActive()) {
            return "active=false";
        }
        if (!type.equals("PractitionerRole")) {
            return null;
        }
        String person = person(resource);
        if (person == null) {
            return "practitioner?";
        }
        DirectoryResource found = people.get(person);
        if (found == null) {
            return "Practitioner/" + person + "?";
        }
        return found.isActive() ? null : "Practitioner/" + person + ": active=false";
    }
}
