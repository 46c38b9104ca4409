package miroir.server.reports;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import miroir.server.directory.DirectoryResource;
import miroir.server.pages.Words;

/** References to resources that are not here, of those that are active. */
final class DanglingReferences implements Check {
    private record Link(String element, String type) {}

    private static final Map<String, List<Link>> LINKS = Map.of(
            "PractitionerRole",
            List.of(new Link("practitioner", "Practitioner"), new Link("organization", "Organization")),
            "Organization",
            List.of(new Link("partOf", "Organization")),
            "HealthcareService",
            List.of(new Link("providedBy", "Organization")),
            "Device",
            List.of(new Link("owner", "Organization")));

    @Override
    public String code() {
        return "dangling-references";
    }

    @Override
    public Words title() {
        return new Words("Références sans cible", "References to nothing");
    }

    @Override
    public Words meaning() {
        return new Words(
                "La ressource en désigne une autre qui n’est pas ici : personne, structure, structure de rattachement.",
                "The resource refers to another one that is not here: a person, a place, the entity of a place.");
    }

    @Override
    public Set<String> types() {
        return new TreeSet<>(LINKS.keySet());
    }

    @Override
    public long look(Batch batch, Consumer<Finding> found) {
        for (Link link : LINKS.getOrDefault(batch.type(), List.of())) {
            List<DirectoryResource> referring = batch.active()
                    .filter(each -> each.referred(link.element(), link.type()) != null)
                    .toList();
            Set<String> existing = batch.elsewhere()
                    .existing(
                            link.type(),
                            referring.stream().map(each -> id(each, link)).toList());
            referring.stream()
                    .filter(each -> !existing.contains(id(each, link)))
                    .forEach(each -> found.accept(
                            new Finding(each, link.element() + ": " + link.type() + "/" + id(each, link))));
        }
        return batch.active().count();
    }

    private static String id(DirectoryResource resource, Link link) {
        return String.valueOf(resource.referred(link.element(), link.type()));
    }
}
