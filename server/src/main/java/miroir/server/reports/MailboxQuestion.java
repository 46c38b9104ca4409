package miroir.server.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.Refusal;
import miroir.index.search.EscapedText;
import miroir.index.search.QueryParameter;
import miroir.index.value.FoldedText;
import miroir.server.directory.Mailbox;
import org.jspecify.annotations.Nullable;

/**
 * Which mailboxes are asked for.
 *
 * @param part of the address; null: any
 * @param kind null: any
 * @param department of the place; null: any
 */
record MailboxQuestion(
        @Nullable String part,
        @Nullable String kind,
        @Nullable String department) {
    static final List<String> PARAMETERS = List.of("mailbox", "kind", "department");

    /** Those of TRE_R257. */
    static final List<String> KINDS = List.of("PER", "ORG", "APP", "CAB");

    /** Whose mailboxes there are. */
    static final List<String> OWNERS = List.of("Organization", "Practitioner", "PractitionerRole");

    private static final String ADDRESS = "mailbox-mss";
    private static final String KIND = "mailbox-mss-type";

    static MailboxQuestion of(Given given) {
        String kind = given.get("kind");
        if (kind != null && !KINDS.contains(kind)) {
            throw Given.invalid(
                    "kind=" + Refusal.shown(kind) + " is not known; allowed are " + String.join(", ", KINDS));
        }
        String department = given.get("department");
        if (department != null && !department.matches("0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[4-8]")) {
            throw Given.invalid("department=" + Refusal.shown(department)
                    + " is not one; allowed are 01 to 95, 2A, 2B, 971 to 978 and 984 to 988");
        }
        return new MailboxQuestion(given.get("mailbox"), kind, department);
    }

    /** Those of all kinds. */
    static MailboxQuestion ofKind(@Nullable String kind) {
        return new MailboxQuestion(null, kind, null);
    }

    /** The search by which their owners of a type are found; empty where none of that type can be. */
    Optional<List<QueryParameter>> search(String type) {
        List<QueryParameter> search = new ArrayList<>();
        search.add(
                part == null
                        ? new QueryParameter(ADDRESS + ":missing", "false")
                        : new QueryParameter(ADDRESS + ":contains", EscapedText.escape(part)));
        if (kind != null) {
            search.add(new QueryParameter(KIND, kind));
        }
        if (department != null) {
            String place = place(type);
            if (place == null) {
                return Optional.empty();
            }
            search.add(new QueryParameter(place, postalCodes(department)));
        }
        return Optional.of(search);
    }

    /** The parameters of such a search that the configuration may not have. */
    static List<String> needed(List<QueryParameter> search) {
        return search.stream()
                .map(parameter -> parameter.name().split(":", 2)[0])
                .filter(code -> code.equals(ADDRESS) || code.equals(KIND))
                .toList();
    }

    /** Nobody but places has an address, and roles are at places. */
    private static @Nullable String place(String type) {
        return switch (type) {
            case "Organization" -> "address-postalcode";
            case "PractitionerRole" -> "organization.address-postalcode";
            default -> null;
        };
    }

    /** As they begin: those of Corsica are older than its departments. */
    private static String postalCodes(String department) {
        return switch (department) {
            case "2A" -> "200,201";
            case "2B" -> "202,206";
            default -> department;
        };
    }

    /** Whether it is one of these, of an owner who was found: he may have others. */
    boolean isMetBy(Mailbox mailbox) {
        return (kind == null || kind.equals(mailbox.kind()))
                && (part == null || mailbox.folded().contains(FoldedText.fold(part)));
    }

    /** What it asks, for a link. */
    List<QueryParameter> query() {
        List<QueryParameter> query = new ArrayList<>();
        add(query, "mailbox", part);
        add(query, "kind", kind);
        add(query, "department", department);
        return query;
    }

    private static void add(List<QueryParameter> query, String name, @Nullable String value) {
        if (value != null) {
            query.add(new QueryParameter(name, value));
        }
    }

    boolean isForAll() {
        return query().isEmpty();
    }

    static Set<String> owners(ReportParts parts) {
        return new TreeSet<>(parts.served(Set.copyOf(OWNERS)));
    }
}
