package miroir.storage.sync;

import java.time.Duration;
import java.time.Instant;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A source, and what came of trying it.
 *
 * @param tried null: nobody asked for it
 */
public record KnownSource(
        SourceDefinition definition, @Nullable Trial tried) {
    static final String COPIED_FROM = "copiedFrom";
    static final String REMOVED = "removed";

    /**
     * One call of a source, to see whether it answers.
     *
     * @param type how many there are of which it was asked
     * @param total how many it says; negative where it did not answer
     * @param length of the call
     * @param why what went wrong and what to do; null: nothing did
     */
    public record Trial(
            Instant at,
            String type,
            long total,
            Duration length,
            @Nullable Cause why) {
        /** It answered. */
        public static Trial answered(Instant at, String type, long total, Duration length) {
            return new Trial(at, type, total, length, null);
        }

        /** It did not. */
        public static Trial failed(Instant at, String type, Cause why) {
            return new Trial(at, type, -1, Duration.ZERO, why);
        }

        public boolean isGood() {
            return why == null;
        }

        /** What went wrong, in English; empty: nothing. */
        public String failure() {
            return why == null ? "" : why.text();
        }

        BsonDocument document() {
            return new Fields()
                    .instant("at", at)
                    .text("type", type)
                    .number("total", total)
                    .number("millis", length.toMillis())
                    .cause("failure", why)
                    .document();
        }

        static @Nullable Trial of(BsonDocument source) {
            if (!source.isDocument("tried")) {
                return null;
            }
            BsonDocument tried = source.getDocument("tried");
            Instant at = Fields.instant(tried, "at");
            Cause why = Cause.of(tried, "failure");
            return new Trial(
                    at == null ? Instant.EPOCH : at,
                    Fields.text(tried, "type", ""),
                    Fields.number(tried, "total"),
                    Duration.ofMillis(Fields.number(tried, "millis")),
                    why == null || why.text().isEmpty() ? null : why);
        }
    }

    public String name() {
        return definition.name();
    }

    static KnownSource of(BsonDocument document) {
        return new KnownSource(SourceDefinition.of(document.getString("_id").getValue(), document), Trial.of(document));
    }
}
