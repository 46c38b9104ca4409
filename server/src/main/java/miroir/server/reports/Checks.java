package miroir.server.reports;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.path.RawValue;
import miroir.server.directory.DirectoryResource;
import miroir.server.pages.Words;

/** What is checked, in the order of the report. */
final class Checks {
    /** By whatever a reference may name something. */
    private static final List<String> NAMING = List.of("reference", "identifier", "display");

    /** Of an address, by which somebody can tell where it is. */
    private static final List<String> TELLING = List.of("city", "postalCode", "line", "_line", "text");

    static final List<Check> ALL = List.of(
            new DanglingReferences(),
            new SharedIdentifiers(),
            new Lacking(
                    "roles-without-place",
                    new Words("Situations d’exercice sans lieu", "Roles without a place"),
                    new Words(
                            "Une situation d’exercice active ne désigne aucune structure.",
                            "An active role names no organization."),
                    "PractitionerRole",
                    Checks::namesPlace),
            new Lacking(
                    "places-without-address",
                    new Words("Structures sans adresse", "Places without an address"),
                    new Words(
                            "Une structure active n’a ni ville, ni code postal, ni voie.",
                            "An active organization has neither a town nor a postal code nor a street."),
                    "Organization",
                    Checks::hasAddress),
            new Lacking(
                    "places-without-phone",
                    new Words("Structures sans téléphone", "Places without a phone"),
                    new Words(
                            "Une structure active n’a aucun numéro de téléphone.",
                            "An active organization has no phone number."),
                    "Organization",
                    Checks::hasPhone),
            new UnknownCodes(),
            new MailboxesWithoutOwner());

    private Checks() {}

    private static boolean namesPlace(DirectoryResource role) {
        RawValue organization = role.root().get("organization");
        return organization != null && NAMING.stream().anyMatch(name -> organization.get(name) != null);
    }

    private static boolean hasAddress(DirectoryResource place) {
        return place.root().all("address").stream()
                .anyMatch(address ->
                        TELLING.stream().anyMatch(name -> !address.all(name).isEmpty()));
    }

    private static boolean hasPhone(DirectoryResource place) {
        return place.root().all("telecom").stream()
                .anyMatch(telecom -> "phone".equals(telecom.text("system")) && telecom.text("value") != null);
    }

    /** Those of these types that some check looks at. */
    static Set<String> types(Set<String> served) {
        Set<String> types = new TreeSet<>();
        ALL.forEach(check -> types.addAll(check.types()));
        types.retainAll(served);
        return types;
    }
}
