package miroir.storage.sync;

import java.time.Instant;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A full pass that failed again and again, and is tried once a day while deltas go on beside it.
 *
 * @param run the full run, whose checkpoint is kept
 * @param cause why it failed last
 * @param until when it is tried again, by our clock
 */
public record PutOff(String run, String cause, Instant until) {

    BsonDocument document() {
        return new Fields()
                .text("run", run)
                .text("cause", cause)
                .instant("until", until)
                .document();
    }

    static @Nullable PutOff of(BsonDocument synchronisation) {
        if (!synchronisation.isDocument("putOff")) {
            return null;
        }
        BsonDocument putOff = synchronisation.getDocument("putOff");
        Instant until = Fields.instant(putOff, "until");
        return new PutOff(
                Fields.text(putOff, "run", ""),
                Fields.text(putOff, "cause", ""),
                until == null ? Instant.EPOCH : until);
    }
}
