package miroir.server.admin;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.store.KeptAudit;
import miroir.index.store.KeptAudit.Question;
import miroir.index.store.NoteId;
import miroir.server.access.Named;
import miroir.server.audit.Outcome;
import miroir.server.routing.AdminField;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.Interaction;
import org.jspecify.annotations.Nullable;

/**
 * Which notes are asked for.
 *
 * @param after where a page before this one ended; null: this is the first
 */
record AuditFilter(Question question, @Nullable NoteId after) {
    private static final String UNKNOWN = "unknown";
    private static final String TRANSACTION = "transaction";

    /** Names of consumers, types, what administrators do, ids. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/\\-]{0,199}");

    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    /** Reads it; what means nothing is refused by name. */
    static AuditFilter of(AdminRoute route, List<QueryParameter> query) {
        Map<String, String> sent = sent(route, query);
        Map<String, List<String>> values = new HashMap<>();
        if (sent.containsKey("consumer")) {
            String name = name("consumer", sent);
            values.put(KeptAudit.WHO, List.of(name, Named.CONSUMER.id(name)));
        }
        if (sent.containsKey(KeptAudit.TYPE)) {
            values.put(KeptAudit.TYPE, List.of(name(KeptAudit.TYPE, sent)));
        }
        if (sent.containsKey(KeptAudit.ID)) {
            values.put(KeptAudit.ID, List.of(name(KeptAudit.ID, sent)));
        }
        if (sent.containsKey(KeptAudit.INTERACTION)) {
            values.put(KeptAudit.INTERACTION, List.of(interaction(sent.get(KeptAudit.INTERACTION))));
        }
        boolean unknown = UNKNOWN.equals(sent.get(KeptAudit.OUTCOME));
        if (sent.containsKey(KeptAudit.OUTCOME) && !unknown) {
            values.put(KeptAudit.OUTCOME, List.of(outcome(sent.get(KeptAudit.OUTCOME))));
        }
        return new AuditFilter(
                new Question(instant("from", sent), instant("to", sent), values, unknown), after(sent.get("after")));
    }

    private static Map<String, String> sent(AdminRoute route, List<QueryParameter> query) {
        Set<String> allowed = route.fields().stream().map(AdminField::name).collect(Collectors.toSet());
        Map<String, String> sent = new HashMap<>();
        for (QueryParameter parameter : query) {
            if (!allowed.contains(parameter.name())) {
                throw refused(
                        "the parameter \"" + Refusal.shown(parameter.name()) + "\" means nothing here",
                        route.fields().stream().map(AdminField::name));
            }
            if (sent.put(parameter.name(), parameter.value()) != null) {
                throw new Refusal(Refusal.Reason.INVALID, parameter.name() + " is given twice; allowed is once");
            }
        }
        return sent;
    }

    private static Refusal refused(String what, Stream<String> allowed) {
        return new Refusal(Refusal.Reason.INVALID, what + "; allowed: " + allowed.collect(Collectors.joining(", ")));
    }

    private static String name(String field, Map<String, String> sent) {
        String value = sent.getOrDefault(field, "");
        if (!NAME.matcher(value).matches()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    field + " is \"" + Refusal.shown(value)
                            + "\"; allowed are 1 to 200 of A-Z, a-z, 0-9, '.', '_', '-' and '/'");
        }
        return value;
    }

    private static String interaction(@Nullable String value) {
        Set<String> known = new HashSet<>(
                Arrays.stream(Interaction.values()).map(Interaction::code).toList());
        known.add(TRANSACTION);
        if (value == null || !known.contains(value)) {
            throw refused(
                    "interaction is \"" + Refusal.shown(String.valueOf(value)) + "\"",
                    known.stream().sorted());
        }
        return value;
    }

    private static String outcome(@Nullable String value) {
        return Outcome.find(String.valueOf(value))
                .map(Outcome::word)
                .orElseThrow(() -> refused(
                        "outcome is \"" + Refusal.shown(String.valueOf(value)) + "\"",
                        Stream.concat(Arrays.stream(Outcome.values()).map(Outcome::word), Stream.of(UNKNOWN))));
    }

    private static @Nullable Instant instant(String field, Map<String, String> sent) {
        String value = sent.get(field);
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeException e) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    field + " is \"" + Refusal.shown(String.valueOf(value)) + "\"; allowed is "
                            + AdminField.Kind.INSTANT.words());
        }
    }

    private static @Nullable NoteId after(@Nullable String value) {
        if (value == null) {
            return null;
        }
        if (!ID.matcher(value).matches()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "after is \"" + Refusal.shown(value) + "\"; allowed is what the link to a next page has");
        }
        return new NoteId(UUID.fromString(value));
    }
}
