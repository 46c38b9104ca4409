package miroir.storage;

import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;

/**
 * How to go through the matches of a condition.
 *
 * @param filter the whole condition, what drives the index included
 * @param index the index to go by
 * @param by what is looked up in the index, for people
 */
record Walk(BsonDocument filter, BsonDocument index, String by) {

    /** What a page after this position filters by. A deletion has no position, so it is never met. */
    BsonDocument filterAfter(long position) {
        BsonDocument beyond = new BsonDocument(StoredFields.POSITION, new BsonDocument("$gt", new BsonInt64(position)));
        return filter.isEmpty() ? beyond : new BsonDocument("$and", new BsonArray(List.of(filter, beyond)));
    }
}
