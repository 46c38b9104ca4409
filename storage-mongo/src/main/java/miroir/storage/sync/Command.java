package miroir.sync.state;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.bson.BsonDocument;

/** What a person wants of the daemon; any process may put it up. */
public record Command(String id, String synchronisation, Verb verb, Instant at) {

    /** What there is to want. */
    public enum Verb {
        /** Run now, also where it was stopped. */
        START,
        /** Run now, everything. */
        FULL,
        STOP,
        /** Remove what the guard held back. */
        CONFIRM
    }

    /** A new one. */
    public static Command of(String synchronisation, Verb verb, Instant now) {
        return new Command(UUID.randomUUID().toString(), synchronisation, verb, now);
    }

    BsonDocument document() {
        return new Fields()
                .text("_id", id)
                .text("synchronisation", synchronisation)
                .text("verb", Run.spelt(verb))
                .instant("at", at)
                .document();
    }

    static Command of(BsonDocument document) {
        Instant at = Fields.instant(document, "at");
        return new Command(
                document.getString("_id").getValue(),
                Fields.text(document, "synchronisation", ""),
                Verb.valueOf(Fields.text(document, "verb", "start").toUpperCase(Locale.ROOT)),
                at == null ? Instant.EPOCH : at);
    }
}
