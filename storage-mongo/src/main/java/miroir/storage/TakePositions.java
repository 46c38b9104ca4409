package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.bson.BsonDocument;

/**
 * Gives out positions, each once. They come from a counter per type in blocks, so that a create seldom pays for the
 * counter; what is left of a block when the process ends is never used.
 */
final class TakePositions {
    /** How many are taken from the counter at a time. */
    static final int BLOCK = 500;

    private final StoreDatabase database;
    private final Map<String, Block> blocks = new ConcurrentHashMap<>();

    TakePositions(StoreDatabase database) {
        this.database = database;
    }

    /** A position that no resource of this type ever had. */
    long next(String type) {
        Block block = Objects.requireNonNull(blocks.computeIfAbsent(type, each -> new Block()));
        block.lock.lock();
        try {
            if (block.next > block.last) {
                block.last = raiseCounter(type);
                block.next = block.last - BLOCK + 1;
            }
            return block.next++;
        } finally {
            block.lock.unlock();
        }
    }

    private long raiseCounter(String type) {
        BsonDocument counter = database.counters()
                .findOneAndUpdate(
                        Filters.eq(StoredFields.ID, type),
                        Updates.inc(StoredFields.POSITION, (long) BLOCK),
                        new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER));
        return Objects.requireNonNull(counter).getNumber(StoredFields.POSITION).longValue();
    }

    /** From {@code next} to {@code last}, both included; guarded by its lock. */
    private static final class Block {
        private final ReentrantLock lock = new ReentrantLock();
        private long next = 1;
        private long last;
    }
}
