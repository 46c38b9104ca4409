package miroir.storage.sync;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What a person wants of the daemon; any process may put it up.
 *
 * @param subject the synchronisation that it is about, or the source
 * @param seen the version of the definition that is changed; 0: there was none
 * @param definition what it is to be; null where nothing is defined
 */
public record Command(
        String id,
        String subject,
        Verb verb,
        Instant at,
        long seen,
        @Nullable BsonDocument definition) {

    /** What there is to want. */
    public enum Verb {
        /** Run now, also where it was stopped. */
        START,
        /** Run now, everything. */
        FULL,
        STOP,
        /** Remove what the guard held back. */
        CONFIRM,
        /** A new synchronisation, or another definition of one. */
        DEFINE,
        /** Forget a synchronisation; its resources stay. */
        REMOVE,
        DEFINE_SOURCE,
        REMOVE_SOURCE,
        /** Call a source once. */
        TRY_SOURCE;

        /** Whether it changes a definition. */
        public boolean defines() {
            return this == DEFINE || this == REMOVE || this == DEFINE_SOURCE || this == REMOVE_SOURCE;
        }

        /** Whether its subject is a source. */
        public boolean isOfSource() {
            return this == DEFINE_SOURCE || this == REMOVE_SOURCE || this == TRY_SOURCE;
        }
    }

    /** A new one about something that is there. */
    public static Command of(String subject, Verb verb, Instant now) {
        return new Command(UUID.randomUUID().toString(), subject, verb, now, 0, null);
    }

    /** Has a synchronisation defined. */
    public static Command define(Definition definition, long seen, Instant now) {
        return new Command(
                UUID.randomUUID().toString(), definition.name(), Verb.DEFINE, now, seen, definition.document());
    }

    /** Has a source defined. */
    public static Command define(SourceDefinition source, long seen, Instant now) {
        return new Command(
                UUID.randomUUID().toString(), source.name(), Verb.DEFINE_SOURCE, now, seen, source.document());
    }

    /** Has something removed that was seen like that. */
    public static Command remove(String subject, Verb verb, long seen, Instant now) {
        return new Command(UUID.randomUUID().toString(), subject, verb, now, seen, null);
    }

    BsonDocument document() {
        Fields fields = new Fields()
                .text("_id", id)
                .text("subject", subject)
                .text("verb", Run.spelt(verb))
                .instant("at", at)
                .number("seen", seen);
        return definition == null
                ? fields.document()
                : fields.value("definition", definition).document();
    }

    static Command of(BsonDocument document) {
        Instant at = Fields.instant(document, "at");
        return new Command(
                document.getString("_id").getValue(),
                // Before there were sources to name, it was called so.
                Fields.text(document, "subject", Fields.text(document, "synchronisation", "")),
                Verb.valueOf(Fields.text(document, "verb", "")
                        .toUpperCase(Locale.ROOT)
                        .replace('-', '_')),
                at == null ? Instant.EPOCH : at,
                Fields.number(document, "seen"),
                document.isDocument("definition") ? document.getDocument("definition") : null);
    }
}
