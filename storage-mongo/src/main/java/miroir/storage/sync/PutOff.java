package miroir.storage.sync;

import java.time.Instant;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A full pass that failed again and again, and is tried once a day while deltas go on beside it.
 *
 * @param run the full run, whose checkpoint is kept
 * @param why why it failed last
 * @param until when it is tried again, by our clock
 */
public record PutOff(String run, Cause why, Instant until) {
    /** In English. */
    public String cause() {
        return why.text();
    }

    BsonDocument document() {
        return new Fields()
                .text("run", run)
                .cause("cause", why)
                .instant("until", until)
                .document();
    }

    static @Nullable PutOff of(BsonDocument synchronisation) {
        if (!synchronisation.isDocument("putOff")) {
            return null;
        }
        BsonDocument putOff = synchronisation.getDocument("putOff");
        Cause why = Cause.of(putOff, "cause");
        Instant until = Fields.instant(putOff, "until");
        return new PutOff(
                Fields.text(putOff, "run", ""),
                why == null ? Cause.unknown("") : why,
                until == null ? Instant.EPOCH : until);
    }
}
