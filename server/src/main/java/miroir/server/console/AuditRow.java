package miroir.server.console;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * What somebody did, as an AuditEvent tells it.
 *
 * @param note by which it is known
 * @param who empty: nobody had to say
 * @param what the interaction, or what an administrator did
 * @param facts what else is known of it
 * @param parts versions that it made, or the entries of a bundle
 */
record AuditRow(
        String note,
        Instant when,
        String who,
        String address,
        String what,
        String type,
        String id,
        Badge badge,
        String outcome,
        List<Fact> facts,
        List<String> parts) {
    private static final Map<String, Badge> OUTCOMES = Map.of(
            "0", new Badge("good", "✓", "audit.success"),
            "4", new Badge("warn", "!", "audit.refused"),
            "8", new Badge("bad", "✗", "audit.failed"));
    private static final Badge UNKNOWN = new Badge("off", "?", "audit.unknown");

    AuditRow {
        facts = List.copyOf(facts);
        parts = List.copyOf(parts);
    }

    static AuditRow of(BsonDocument event) {
        BsonDocument agent = event.getArray("agent").get(0).asDocument();
        BsonDocument asked = event.getArray("entity").get(0).asDocument();
        String reference = text(asked, "what", "reference");
        String type = detail(asked, "type");
        return new AuditRow(
                text(event, "id"),
                Instant.parse(text(event, "recorded")),
                text(agent, "who", "identifier", "value"),
                text(agent, "network", "address"),
                what(event),
                type,
                reference.isEmpty() ? text(asked, "name") : reference.substring(reference.indexOf('/') + 1),
                OUTCOMES.getOrDefault(text(event, "outcome"), UNKNOWN),
                text(event, "outcomeDesc"),
                facts(asked),
                parts(event));
    }

    /** The last one says most: ours, where FHIR has a wider word; of a login that it is one is said beside what it is called. */
    private static String what(BsonDocument event) {
        BsonArray subtypes = event.getArray("subtype");
        return subtypes.stream()
                .map(BsonValue::asDocument)
                .filter(coding -> text(coding, "system").startsWith("urn:miroir:"))
                .findFirst()
                .map(coding -> isAdministration(coding) ? "admin" : text(coding, "code"))
                .orElse(text(subtypes.get(0).asDocument(), "code"));
    }

    private static boolean isAdministration(BsonDocument coding) {
        return text(coding, "system").endsWith(":administration");
    }

    private static List<Fact> facts(BsonDocument asked) {
        List<Fact> facts = new ArrayList<>();
        for (String name : List.of("second", "request", "token", "millis")) {
            String value = detail(asked, name);
            if (!value.isEmpty()) {
                facts.add(new Fact("audit." + name, value));
            }
        }
        String query = text(asked, "query");
        if (!query.isEmpty()) {
            facts.add(new Fact("audit.query", new String(Base64.getDecoder().decode(query), StandardCharsets.UTF_8)));
        }
        return facts;
    }

    private static List<String> parts(BsonDocument event) {
        return event.getArray("entity").stream()
                .skip(1)
                .map(BsonValue::asDocument)
                .map(entity -> Stream.of(
                                text(entity, "description"),
                                text(entity, "what", "reference"),
                                detail(entity, "status"))
                        .filter(text -> !text.isEmpty())
                        .toList())
                .map(texts -> String.join(" · ", texts))
                .toList();
    }

    private static String detail(BsonDocument entity, String type) {
        return entity.getArray("detail", new BsonArray()).stream()
                .map(BsonValue::asDocument)
                .filter(detail -> text(detail, "type").equals(type))
                .map(detail -> text(detail, "valueString"))
                .findFirst()
                .orElse("");
    }

    /** The text at that path; empty where there is none. */
    private static String text(BsonDocument of, String... path) {
        BsonDocument at = of;
        for (int i = 0; i < path.length - 1; i++) {
            at = at.getDocument(path[i], new BsonDocument());
        }
        return at.getString(path[path.length - 1], new BsonString("")).getValue();
    }

    /** What it was done to, with its type. */
    String subject() {
        return Stream.of(type, id)
                .filter(text -> !text.isEmpty())
                .reduce((left, right) -> left + " " + right)
                .orElse("");
    }

    /** As the filter of consumers has it. */
    String consumer() {
        return who.startsWith("consumer/") ? who.substring("consumer/".length()) : who;
    }

    boolean hasMore() {
        return !facts.isEmpty() || !parts.isEmpty();
    }
}
