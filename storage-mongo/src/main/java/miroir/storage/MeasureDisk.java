package miroir.storage;

import com.mongodb.MongoCommandException;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/** The disk that the database is on, as the database sees it. Services that only speak MongoDB's protocol, and those who may not ask, know of none. */
final class MeasureDisk {
    private static final BsonInt32 ZERO = new BsonInt32(0);

    private final StoreDatabase database;

    MeasureDisk(StoreDatabase database) {
        this.database = database;
    }

    Optional<DiskSpace> run() {
        try {
            BsonDocument stats = database.stats();
            long total = stats.getNumber("fsTotalSize", ZERO).longValue();
            long used = stats.getNumber("fsUsedSize", ZERO).longValue();
            return total > 0 ? Optional.of(new DiskSpace(total - used, total)) : Optional.empty();
        } catch (MongoCommandException refused) {
            return Optional.empty();
        }
    }
}
