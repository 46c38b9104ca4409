package miroir.storage;

import com.mongodb.client.model.Filters;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/**
 * The ids of history documents, {@code {id, v}}. MongoDB compares embedded documents field by field, so the index on
 * {@code _id} has the versions of one resource side by side, in order.
 */
final class HistoryIds {
    /** The part of {@code _id} that is the resource's own id. */
    static final String RESOURCE = StoredFields.ID + "." + StoredFields.HISTORY_ID;

    private HistoryIds() {}

    static BsonDocument of(String id, long version) {
        return of(id, new BsonInt64(version));
    }

    /** Greater than every version of this resource, and less than those of the next. */
    static BsonDocument last(String id) {
        return of(id, new BsonMaxKey());
    }

    /** Less than every version of this resource, and greater than those of the one before. */
    static BsonDocument first(String id) {
        return of(id, new BsonMinKey());
    }

    /** All versions of this resource. */
    static Bson all(ResourceKey key) {
        return Filters.and(Filters.gt(StoredFields.ID, first(key.id())), Filters.lt(StoredFields.ID, last(key.id())));
    }

    /** The resource that a history document is of. */
    static String resource(BsonDocument historyDocument) {
        return historyDocument
                .getDocument(StoredFields.ID)
                .getString(StoredFields.HISTORY_ID)
                .getValue();
    }

    /** The resource that a document of either side is of. */
    static BsonString ofEither(BsonDocument document) {
        return document.isString(StoredFields.ID)
                ? document.getString(StoredFields.ID)
                : document.getDocument(StoredFields.ID).getString(StoredFields.HISTORY_ID);
    }

    private static BsonDocument of(String id, BsonValue version) {
        return new BsonDocument(StoredFields.HISTORY_ID, new BsonString(id)).append(StoredFields.VERSION, version);
    }
}
