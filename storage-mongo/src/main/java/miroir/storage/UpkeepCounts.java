package miroir.storage;

import org.bson.BsonDocument;
import org.bson.BsonInt64;

/**
 * What was found and done.
 *
 * @param ended history entries that did not say until when they held, and now do
 * @param open history entries that are copies of a current version: left to the write that made them, or the next one
 * @param erased versions of erased resources that were still in history, and now are not
 * @param purged versions that were removed for their age or number
 * @param orphans resources of which only history was left, and that now have a deletion
 */
record UpkeepCounts(long ended, long open, long erased, long purged, long orphans) {
    static final UpkeepCounts NONE = new UpkeepCounts(0, 0, 0, 0, 0);

    static UpkeepCounts ofEnded(long ended) {
        return new UpkeepCounts(ended, 0, 0, 0, 0);
    }

    static UpkeepCounts ofOpen(long open) {
        return new UpkeepCounts(0, open, 0, 0, 0);
    }

    static UpkeepCounts ofErased(long erased) {
        return new UpkeepCounts(0, 0, erased, 0, 0);
    }

    static UpkeepCounts ofPurged(long purged) {
        return new UpkeepCounts(0, 0, 0, purged, 0);
    }

    static UpkeepCounts ofOrphans(long orphans) {
        return new UpkeepCounts(0, 0, 0, 0, orphans);
    }

    UpkeepCounts and(UpkeepCounts other) {
        return new UpkeepCounts(
                ended + other.ended,
                open + other.open,
                erased + other.erased,
                purged + other.purged,
                orphans + other.orphans);
    }

    BsonDocument document() {
        return new BsonDocument("ended", new BsonInt64(ended))
                .append("open", new BsonInt64(open))
                .append("erased", new BsonInt64(erased))
                .append("purged", new BsonInt64(purged))
                .append("orphans", new BsonInt64(orphans));
    }
}
