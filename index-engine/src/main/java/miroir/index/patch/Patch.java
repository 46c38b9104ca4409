package miroir.index.patch;

import miroir.index.store.Deadline;
import org.bson.RawBsonDocument;

/** What a client wants changed in a resource. */
public interface Patch {
    /** How many operations a patch may have. */
    int MOST_OPERATIONS = 1000;

    /**
     * The changed resource, or a {@link miroir.index.Refusal} that names the first operation which cannot be done. Whether
     * the outcome is a resource that may be stored is for whoever stores it to find out.
     */
    RawBsonDocument applyTo(RawBsonDocument resource, Deadline deadline);
}
