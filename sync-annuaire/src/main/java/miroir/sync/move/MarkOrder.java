package miroir.sync.move;

import java.time.Instant;
import miroir.storage.MovedVersion;

/** The order of what erasures left of one type: by id, each once, and none with an end. */
final class MarkOrder {
    private String last = "";
    private long marks;
    private Instant latest = Instant.EPOCH;

    /** Takes the next. */
    void next(MovedVersion mark) {
        if (!mark.erased()) {
            throw new VersionLineReader.Wrong("is not what an erasure left");
        }
        if (mark.to() != null) {
            throw new VersionLineReader.Wrong("has an end; what an erasure left has none");
        }
        if (mark.id().compareTo(last) <= 0) {
            throw new VersionLineReader.Wrong("is out of order, or comes twice: " + mark.id() + " after " + last);
        }
        last = mark.id();
        marks++;
        latest = mark.from().isAfter(latest) ? mark.from() : latest;
    }

    long marks() {
        return marks;
    }

    /** When the last of these erasures was. */
    Instant latest() {
        return latest;
    }
}
