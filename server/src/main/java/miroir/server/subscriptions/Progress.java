package miroir.server.subscriptions;

import java.time.Instant;
import miroir.index.store.HistoryPosition;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * How far a subscription is, as it is written down.
 *
 * @param version of the subscription that was delivered; 0: not known
 * @param done up to where everything was taken; null: it was not begun
 * @param waiting how many changes were read and not taken
 * @param oldest when the first of these was committed; null: there are none
 * @param taken how many were, in all
 * @param failed how many attempts were in vain, in all
 * @param failingSince since when the oldest of those that are not taken fails; null: none does
 * @param lastError what went wrong last; an empty text: nothing
 * @param at when that was written down
 */
record Progress(
        long version,
        @Nullable HistoryPosition done,
        int waiting,
        @Nullable Instant oldest,
        long taken,
        long failed,
        @Nullable Instant failingSince,
        String lastError,
        Instant at) {

    /** Where nothing was delivered yet. */
    static Progress none() {
        return new Progress(0, null, 0, null, 0, 0, null, "", Instant.EPOCH);
    }

    static Progress of(BsonDocument document) {
        BsonValue done = document.get("done");
        return new Progress(
                document.getInt64("version", new BsonInt64(0)).longValue(),
                done != null && done.isDocument() ? position(done.asDocument()) : null,
                document.getInt64("waiting", new BsonInt64(0)).intValue(),
                instant(document, "oldest"),
                document.getInt64("taken", new BsonInt64(0)).longValue(),
                document.getInt64("failed", new BsonInt64(0)).longValue(),
                instant(document, "failingSince"),
                document.getString("lastError", new BsonString("")).getValue(),
                document.containsKey("at") ? instantOf(document.getDateTime("at")) : Instant.EPOCH);
    }

    /** Whether it is the same but for its times, which follow from the rest. */
    boolean saysTheSameAs(Progress other) {
        return version == other.version
                && done != null
                && done.equals(other.done)
                && waiting == other.waiting
                && taken == other.taken
                && failed == other.failed
                && lastError.equals(other.lastError);
    }

    BsonDocument toBson() {
        BsonDocument document = new BsonDocument("version", new BsonInt64(version))
                .append("waiting", new BsonInt64(waiting))
                .append("oldest", bson(oldest))
                .append("taken", new BsonInt64(taken))
                .append("failed", new BsonInt64(failed))
                .append("failingSince", bson(failingSince))
                .append("lastError", new BsonString(lastError))
                .append("at", new BsonDateTime(at.toEpochMilli()));
        return done == null ? document : document.append("done", bson(done));
    }

    private static BsonValue bson(@Nullable Instant instant) {
        return instant == null ? BsonNull.VALUE : new BsonDateTime(instant.toEpochMilli());
    }

    private static BsonDocument bson(HistoryPosition position) {
        return new BsonDocument("from", new BsonDateTime(position.from().toEpochMilli()))
                .append("type", new BsonString(position.type()))
                .append("id", new BsonString(position.id()));
    }

    private static HistoryPosition position(BsonDocument document) {
        return new HistoryPosition(
                instantOf(document.getDateTime("from")),
                document.getString("type").getValue(),
                document.getString("id").getValue());
    }

    private static @Nullable Instant instant(BsonDocument document, String field) {
        BsonValue value = document.get(field);
        return value != null && value.isDateTime() ? instantOf(value.asDateTime()) : null;
    }

    private static Instant instantOf(BsonDateTime value) {
        return Instant.ofEpochMilli(value.getValue());
    }
}
