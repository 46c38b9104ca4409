package miroir.server.reports;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is checked, in the order of the report. */
final class Checks {
    static final List<Check> ALL = List.of(
            new DanglingReferences(),
            new SharedIdentifiers(),
            new RolesWithoutPlace(),
            new PlacesWithoutAddress(),
            new PlacesWithoutPhone(),
            new UnknownCodes(),
            new MailboxesWithoutOwner());

    /** The types of the directory. */
    static final Set<String> DIRECTORY =
            Set.of("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device");

    private Checks() {}

    /** Those of these types that some check looks at. */
    static Set<String> types(Set<String> served) {
        Set<String> types = new TreeSet<>();
        ALL.forEach(check -> types.addAll(check.types()));
        types.retainAll(served);
        return types;
    }
}
