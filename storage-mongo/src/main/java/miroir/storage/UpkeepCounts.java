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
 */
record UpkeepCounts(long ended, long open, long erased, long purged) {
    static final UpkeepCounts NONE = new UpkeepCounts(0, 0, 0, 0);

    UpkeepCounts and(UpkeepCounts other) {
        return new UpkeepCounts(ended + other.ended, open + other.open, erased + other.erased, purged + other.purged);
    }

    BsonDocument document() {
        return new BsonDocument("ended", new BsonInt64(ended))
                .append("open", new BsonInt64(open))
                .append("erased", new BsonInt64(erased))
                .append("purged", new BsonInt64(purged));
    }
}
