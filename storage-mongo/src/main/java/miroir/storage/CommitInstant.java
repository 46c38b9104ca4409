package miroir.storage;

import java.time.Instant;
import miroir.index.Refusal;

/**
 * When a version, or several at once, are committed.
 *
 * @param from of the versions
 * @param before until when the database may apply them
 * @param use of the number of what is searched that the commit has
 */
record CommitInstant(Instant from, Instant before, OpenNumbers.Use use) {

    /** Builds the documents of the versions. */
    VersionDocuments documents() {
        return use.documents();
    }

    /** The same for somebody who may write only until then. */
    CommitInstant notAfter(Instant until) {
        if (!from.isBefore(until)) {
            throw expired(until);
        }
        return until.isBefore(before) ? new CommitInstant(from, until, use) : this;
    }

    static Refusal expired(Instant until) {
        return new Refusal(Refusal.Reason.EXPIRED, "the right to write ended at " + until);
    }
}
