package miroir.storage;

import com.mongodb.MongoCommandException;
import com.mongodb.ReadConcern;
import com.mongodb.client.MongoCollection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import miroir.index.store.Deadline;
import miroir.index.store.StoredSize;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.RawBsonDocument;

/** How much room the resources of a type take, as the database keeps count of it. */
final class MeasureType {
    private static final int NO_SUCH_COLLECTION = 26;
    private static final String STATS = "storageStats";

    /** Numbers of another kind on each kind of server. */
    private static final BsonInt32 ZERO = new BsonInt32(0);

    private static final BsonDocument PIPELINE =
            new BsonDocument("$collStats", new BsonDocument(STATS, new BsonDocument()));

    private final StoreDatabase database;

    MeasureType(StoreDatabase database) {
        this.database = database;
    }

    StoredSize run(String type, Deadline deadline) {
        Room current = room(database.current(type), deadline);
        Room history = room(database.history(type), deadline);
        return new StoredSize(current.data(), history.data(), current.indexes() + history.indexes());
    }

    private record Room(long data, long indexes) {}

    /** Of all shards, where there are some. */
    private static Room room(MongoCollection<RawBsonDocument> collection, Deadline deadline) {
        long data = 0;
        long indexes = 0;
        try {
            // What is not replicated cannot be read of a majority.
            for (RawBsonDocument each : collection
                    .withReadConcern(ReadConcern.LOCAL)
                    .aggregate(List.of(PIPELINE))
                    .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS)) {
                BsonDocument stats = each.getDocument(STATS);
                data += stats.getNumber("storageSize", ZERO).longValue();
                indexes += stats.getNumber("totalIndexSize", ZERO).longValue();
            }
        } catch (MongoCommandException e) {
            if (e.getErrorCode() != NO_SUCH_COLLECTION) {
                throw e;
            }
        }
        return new Room(data, indexes);
    }
}
