package miroir.storage;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Raises a type's counter above every position in use. A database that was restored from a dump may come with a counter
 * that is older than its resources; it would give out positions twice, and pages would skip resources.
 */
final class RepairCounter {
    private final StoreDatabase database;

    RepairCounter(StoreDatabase database) {
        this.database = database;
    }

    /** Needs the indexes of {@link TypeIndexes#ofPositions}, else it reads the whole type. */
    void run(String type) {
        long largest = Math.max(
                largest(database.current(type), Filters.gt(StoredFields.POSITION, 0L), StoredFields.POSITION),
                Math.max(
                        largest(database.history(type), Filters.gt(StoredFields.POSITION, 0L), StoredFields.POSITION),
                        largest(
                                database.current(type),
                                Filters.eq(StoredFields.DELETED, true),
                                StoredFields.POSITION_KEPT)));
        if (largest > 0) {
            database.counters()
                    .updateOne(
                            Filters.eq(StoredFields.ID, type),
                            Updates.max(StoredFields.POSITION, largest + TakePositions.BLOCK),
                            new UpdateOptions().upsert(true));
        }
    }

    private static long largest(MongoCollection<RawBsonDocument> collection, Bson among, String field) {
        BsonDocument last = collection
                .find(among)
                .projection(Projections.fields(Projections.include(field), Projections.excludeId()))
                .sort(Sorts.descending(field))
                .first();
        return last == null ? 0 : last.getNumber(field).longValue();
    }
}
