package miroir.server.console;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One consumer, and what it may do.
 *
 * @param calls of the last 24 hours
 */
record ConsumerDetail(
        String name,
        long version,
        boolean isBlocked,
        String contact,
        List<String> groups,
        List<String> roles,
        String quota,
        long calls,
        List<TokenRow> tokens,
        List<String> permissions) {
    ConsumerDetail {
        groups = List.copyOf(groups);
        roles = List.copyOf(roles);
        tokens = List.copyOf(tokens);
        permissions = List.copyOf(permissions);
    }

    /** One of its tokens, without what it is. */
    record TokenRow(
            String id,
            String label,
            Instant created,
            @Nullable Instant expires,
            @Nullable Instant lastUse) {}

    Badge badge() {
        return isBlocked ? Badge.BLOCKED : Badge.ACTIVE;
    }

    List<Field> fields() {
        return List.of(
                Field.text("contact", "consumer.contact", contact),
                Field.lines("groups", "consumer.groups", String.join("\n", groups)),
                Field.lines("roles", "consumer.roles", String.join("\n", roles)));
    }

    List<Fact> facts() {
        return fields().stream().map(Field::fact).toList();
    }
}
