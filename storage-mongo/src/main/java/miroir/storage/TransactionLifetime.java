package miroir.storage;

import com.mongodb.MongoCommandException;
import java.time.Duration;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the database lets transactions live, asked once a minute at most. Where it does not say, because the user may not ask or
 * because a router answers that does not know, it is taken to be what it is where nobody has changed it.
 */
final class TransactionLifetime {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionLifetime.class);
    private static final String LIMIT = "transactionLifetimeLimitSeconds";
    private static final Duration USUAL = Duration.ofSeconds(60);
    private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();

    private final StoreDatabase database;
    private volatile @Nullable Known known;
    private volatile boolean warned;

    private record Known(Duration limit, long asked) {
        boolean isFresh() {
            return System.nanoTime() - asked < KEPT_NANOS;
        }
    }

    TransactionLifetime(StoreDatabase database) {
        this.database = database;
    }

    /**
     * After how long a transaction has been ended at the latest. The database looks for those that are over their time when half of
     * that has passed again.
     */
    Duration longest() {
        return limit().multipliedBy(3).dividedBy(2);
    }

    private Duration limit() {
        Known before = known;
        if (before != null && before.isFresh()) {
            return before.limit();
        }
        Known now = new Known(asked(), System.nanoTime());
        known = now;
        return now.limit();
    }

    private Duration asked() {
        try {
            BsonDocument question = new BsonDocument("getParameter", new BsonInt32(1)).append(LIMIT, new BsonInt32(1));
            BsonDocument found = database.admin().runCommand(question, BsonDocument.class);
            return Duration.ofSeconds(found.getNumber(LIMIT).longValue());
        } catch (MongoCommandException e) {
            warn(e);
            return USUAL;
        }
    }

    private void warn(MongoCommandException e) {
        if (!warned) {
            warned = true;
            LOG.warn(
                    "the database does not say what {} is ({}): transactions rely on {} seconds or less",
                    LIMIT,
                    e.getErrorMessage(),
                    USUAL.toSeconds());
        }
    }
}
