package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;

/**
 * Raises a type's counter above every position in use. A database that was restored from a dump may come with a counter
 * that is older than its resources; it would give out positions twice, and pages would skip resources.
 */
final class RepairCounter {
    private final StoreDatabase database;
    private final FindPositions findPositions;

    RepairCounter(StoreDatabase database) {
        this.database = database;
        this.findPositions = new FindPositions(database);
    }

    /** Needs the indexes of {@link TypeIndexes#ofPositions}, else it reads the whole type. */
    void run(String type) {
        long largest = findPositions.last(type);
        if (largest > 0) {
            database.counters()
                    .updateOne(
                            Filters.eq(StoredFields.ID, type),
                            Updates.max(StoredFields.POSITION, largest + TakePositions.BLOCK),
                            new UpdateOptions().upsert(true));
        }
    }
}
