package miroir.storage.ledger;

import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * One document that changes; it is made where it is not there.
 *
 * @param update MongoDB's operators, such as {@code $set}; null: the document is removed
 */
public record Change(String collection, String id, @Nullable BsonDocument update) {

    /** Sets these fields and leaves the others. */
    public static Change set(String collection, String id, BsonDocument fields) {
        return new Change(collection, id, new BsonDocument("$set", fields));
    }

    /** Removes the document. */
    public static Change remove(String collection, String id) {
        return new Change(collection, id, null);
    }
}
