package miroir.storage;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import miroir.index.store.Copied;
import miroir.storage.ledger.Ledger;
import org.bson.BsonDocument;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How old the copies of each type are, by what the synchronisations wrote down. Every answer tells it, so it is read once in a few seconds, by whoever comes
 * first, while others go on with what was known; where the database is away, that is what is told.
 */
final class ReadCopies {
    private static final Logger LOG = LoggerFactory.getLogger(ReadCopies.class);
    private static final long FRESH = Duration.ofSeconds(5).toNanos();
    private static final String DEFINITION = "definition";
    private static final String MARK = "mark";
    private static final BsonString NONE = new BsonString("");

    private final StoreDatabase database;
    private final ReentrantLock reading = new ReentrantLock();
    private final Known unread = new Known(Map.of(), System.nanoTime() - FRESH);
    private volatile Known known = unread;

    private record Known(Map<String, Copied> byType, long since) {
        boolean isFresh() {
            return System.nanoTime() - since < FRESH;
        }
    }

    ReadCopies(StoreDatabase database) {
        this.database = database;
    }

    Map<String, Copied> present() {
        Known before = known;
        if (!before.isFresh() && mayRead(before)) {
            try {
                if (known.equals(before)) {
                    known = new Known(read(before), System.nanoTime());
                }
            } finally {
                reading.unlock();
            }
        }
        return known.byType();
    }

    /** Where nothing is known yet all wait for who comes first. */
    private boolean mayRead(Known before) {
        if (before.equals(unread)) {
            reading.lock();
            return true;
        }
        return reading.tryLock();
    }

    private Map<String, Copied> read(Known before) {
        MongoCollection<BsonDocument> synchronisations =
                database.database().getCollection(Ledger.SYNCHRONISATIONS, BsonDocument.class);
        Map<String, Copied> byType = new HashMap<>();
        try {
            for (BsonDocument each : synchronisations
                    .find()
                    .projection(Projections.include(DEFINITION + ".type", MARK))
                    .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                String type = each.getDocument(DEFINITION, new BsonDocument())
                        .getString("type", NONE)
                        .getValue();
                BsonValue mark = each.get(MARK);
                Instant asOf = mark == null || !mark.isDateTime()
                        ? null
                        : Instant.ofEpochMilli(mark.asDateTime().getValue());
                byType.merge(type, new Copied(asOf), Copied::and);
            }
        } catch (MongoException | BsonInvalidOperationException e) {
            LOG.warn("how old copies are could not be read: {}", e.toString());
            return before.byType();
        }
        byType.remove(NONE.getValue());
        return Map.copyOf(byType);
    }
}
