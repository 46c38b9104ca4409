package miroir.storage;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.UpdateOneModel;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Puts versions into history before others take their place.
 *
 * <p>That a key is taken says only what this primary has: the writer who put it there may have no majority yet, and a
 * failover would take it back after we have relied on it. So it is made sure of, by a write that waits for a majority
 * whether it changes anything or not. One of that number that began at another instant is not this one: it comes from a
 * restore in which history was newer than what is current, and gives way, or this one would be lost. Nor does a copy stay that has
 * older search fields: somebody put it there who read it before it got its fields anew, and stood still. How it came to be it keeps
 * ({@link MarkReturns}).
 */
final class KeepVersions {
    private static final InsertManyOptions INSERTS_IN_ANY_ORDER = new InsertManyOptions().ordered(false);
    private static final BulkWriteOptions IN_ANY_ORDER = new BulkWriteOptions().ordered(false);

    private final StoreDatabase database;

    KeepVersions(StoreDatabase database) {
        this.database = database;
    }

    void run(String type, List<StoredVersion> versions) {
        List<RawBsonDocument> left =
                versions.stream().map(VersionDocuments::superseded).toList();
        left = taken(left, all -> database.history(type).insertMany(all, INSERTS_IN_ANY_ORDER));
        while (!left.isEmpty()) {
            // What was there may be purged in between, and put there again by another.
            left = taken(left, all -> database.history(type).bulkWrite(makingSure(all), IN_ANY_ORDER));
        }
    }

    /**
     * The same in one step, of which a transaction is not undone where a key is taken. Costs more than to insert what nobody
     * else has put there yet, which is nearly everything.
     */
    void runWithin(String type, List<StoredVersion> versions) {
        database.history(type)
                .bulkWrite(
                        makingSure(versions.stream()
                                .map(VersionDocuments::superseded)
                                .toList()),
                        IN_ANY_ORDER);
    }

    private interface Write {
        void run(List<RawBsonDocument> versions);
    }

    /** Those whose keys were taken. */
    private static List<RawBsonDocument> taken(List<RawBsonDocument> versions, Write write) {
        try {
            write.run(versions);
            return List.of();
        } catch (MongoBulkWriteException e) {
            boolean allTaken = e.getWriteConcernError() == null
                    && e.getWriteErrors().stream()
                            .allMatch(error -> error.getCategory() == ErrorCategory.DUPLICATE_KEY);
            if (!allTaken) {
                throw e;
            }
            return e.getWriteErrors().stream()
                    .map(error -> versions.get(error.getIndex()))
                    .toList();
        }
    }

    private static List<UpdateOneModel<RawBsonDocument>> makingSure(List<RawBsonDocument> versions) {
        return versions.stream()
                .map(version -> new UpdateOneModel<RawBsonDocument>(
                        Filters.eq(StoredFields.ID, version.get(StoredFields.ID)),
                        List.of(unlessThere(version)),
                        InTime.UPSERT))
                .toList();
    }

    /**
     * Until when it held stays. A deletion has no search fields. The version is in it once: MongoDB takes a command of 16 MB, and a
     * document may be as large.
     */
    private static Bson unlessThere(RawBsonDocument version) {
        BsonDocument isSame =
                array("$eq", new BsonString("$" + StoredFields.FROM), version.getDateTime(StoredFields.FROM));
        long number = FieldsNumber.of(version);
        BsonDocument isThere = number == 0 ? isSame : array("$and", isSame, FieldsNumber.isAtLeast(number));
        BsonDocument end = array("$cond", isSame, new BsonString("$" + StoredFields.TO), new BsonString("$$REMOVE"));
        BsonDocument word =
                array("$cond", isSame, new BsonString("$" + StoredFields.OPERATION), new BsonString("$$REMOVE"));
        BsonDocument copy = array(
                "$mergeObjects",
                new BsonDocument("$literal", version),
                new BsonDocument(StoredFields.TO, end).append(StoredFields.OPERATION, word));
        return new BsonDocument("$replaceWith", array("$cond", isThere, new BsonString("$$ROOT"), copy));
    }

    private static BsonDocument array(String operator, BsonValue... values) {
        return new BsonDocument(operator, new BsonArray(List.of(values)));
    }
}
