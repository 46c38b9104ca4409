package miroir.server.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import miroir.index.path.RawValue;
import miroir.server.directory.DirectoryResource;
import miroir.server.directory.Mailbox;
import miroir.server.directory.WrittenAddress;
import org.jspecify.annotations.Nullable;

/**
 * Somebody, as people want to know them.
 *
 * @param path of the resource, below the FHIR base
 * @param number by which they are known best; empty: none
 * @param places where they work
 */
record PersonRow(
        String path,
        String name,
        boolean isActive,
        List<String> professions,
        List<String> specialties,
        String number,
        boolean isRpps,
        List<String> mailboxes,
        List<PlaceRow> places) {
    private static final Badge ACTIVE = new Badge("good", "✓", "people.active");
    private static final Badge INACTIVE = new Badge("off", "■", "people.inactive");
    private static final Badge PLACE_INACTIVE = new Badge("off", "■", "people.placeInactive");

    PersonRow {
        professions = List.copyOf(professions);
        specialties = List.copyOf(specialties);
        mailboxes = List.copyOf(mailboxes);
        places = List.copyOf(places);
    }

    /**
     * A place where somebody works, or what they do where no place is said.
     *
     * @param name empty: it is not said, or not to who looks
     * @param functions what they are there
     */
    record PlaceRow(
            String name,
            boolean isActive,
            List<String> functions,
            List<String> addresses,
            List<String> phones,
            List<String> mailboxes) {
        PlaceRow {
            functions = List.copyOf(functions);
            addresses = List.copyOf(addresses);
            phones = List.copyOf(phones);
            mailboxes = List.copyOf(mailboxes);
        }

        static PlaceRow of(DirectoryResource role, @Nullable DirectoryResource place) {
            List<RawValue> both = Stream.of(role, place)
                    .filter(Objects::nonNull)
                    .map(DirectoryResource::root)
                    .toList();
            return new PlaceRow(
                    place == null ? "" : place.name(),
                    role.isActive() && (place == null || place.isActive()),
                    CodedWords.functions(role.root()),
                    place == null
                            ? List.of()
                            : WrittenAddress.of(place.root()).stream()
                                    .map(WrittenAddress::text)
                                    .toList(),
                    both.stream().flatMap(PersonRow::phones).distinct().toList(),
                    both.stream().flatMap(PersonRow::mailboxes).distinct().toList());
        }

        Badge badge() {
            return isActive ? ACTIVE : PLACE_INACTIVE;
        }
    }

    /**
     * Reads somebody.
     *
     * @param roles of theirs
     * @param places by id
     */
    static PersonRow of(
            DirectoryResource person, List<DirectoryResource> roles, Map<String, DirectoryResource> places) {
        List<String> professions = new ArrayList<>(CodedWords.professions(person.root()));
        roles.forEach(role -> professions.addAll(CodedWords.professionsOfRole(role.root())));
        String name = person.name();
        return new PersonRow(
                person.key().toString(),
                name.isEmpty() ? person.key().id() : name,
                person.isActive(),
                professions.stream().distinct().toList(),
                CodedWords.specialties(person.root()),
                person.identifier(),
                isRpps(person),
                mailboxes(person.root()).toList(),
                roles.stream()
                        .map(role -> PlaceRow.of(role, place(role, places)))
                        .toList());
    }

    private static @Nullable DirectoryResource place(DirectoryResource role, Map<String, DirectoryResource> places) {
        String id = role.referred("organization", "Organization");
        return id == null ? null : places.get(id);
    }

    private static boolean isRpps(DirectoryResource person) {
        return person.root().all("identifier").stream()
                .filter(each -> person.identifier().equals(each.text("value")))
                .anyMatch(each -> "RPPS".equals(DirectoryResource.codeOf(each)));
    }

    private static Stream<String> phones(RawValue resource) {
        return resource.all("telecom").stream()
                .filter(each -> "phone".equals(each.text("system")))
                .map(each -> each.text("value"))
                .filter(Objects::nonNull);
    }

    private static Stream<String> mailboxes(RawValue resource) {
        return Mailbox.of(resource).stream().map(Mailbox::address);
    }

    Badge badge() {
        return isActive ? ACTIVE : INACTIVE;
    }
}
