package miroir.server.console;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may ask: consumers, what they ask for, groups, roles, administrators. */
record AccessList(
        List<ConsumerRow> consumers,
        List<RequestRow> requests,
        List<NamedRow> groups,
        List<NamedRow> roles,
        List<NamedRow> administrators) {
    AccessList {
        consumers = List.copyOf(consumers);
        requests = List.copyOf(requests);
        groups = List.copyOf(groups);
        roles = List.copyOf(roles);
        administrators = List.copyOf(administrators);
    }

    /**
     * A consumer; what it may do is in its groups and roles.
     *
     * @param calls of the last 24 hours
     */
    record ConsumerRow(
            String name,
            String contact,
            Badge badge,
            String roles,
            int tokens,
            long calls,
            @Nullable Instant lastUse) {}

    /** Somebody who wants a token. */
    record RequestRow(String id, String name, String contact, String reason, Instant created, String state) {
        boolean isOpen() {
            return state.equals("waiting");
        }
    }

    /**
     * A role with its permissions, a group with its roles, an administrator with his.
     *
     * @param isFixed whether nobody can change it
     */
    record NamedRow(String name, long version, List<String> parts, boolean isFixed) {
        NamedRow {
            parts = List.copyOf(parts);
        }

        /** Its parts in one line. */
        String line() {
            return String.join(", ", parts);
        }

        /** What changes it, where another one is added by that. */
        String route(String adding) {
            return adding.replace("ADD_", "PUT_") + "/" + name;
        }
    }
}
