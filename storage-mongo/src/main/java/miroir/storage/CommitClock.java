package miroir.storage;

import com.mongodb.client.MongoDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;

/**
 * When versions are committed, by the primary's clock: several servers write to one database, and their own clocks
 * differ. The difference between our clock and the primary's is measured now and then, on a round trip of a fraction of a
 * millisecond, instead of asking for the time at every write.
 */
final class CommitClock {
    private static final long MEASURE_EVERY = Duration.ofSeconds(30).toNanos();

    private final InstantSource local;
    private final MongoDatabase database;
    private final ReentrantLock measuring = new ReentrantLock();
    private volatile @Nullable Measured measured;

    /** By how much the primary is ahead of us, and when that was found out. */
    private record Measured(Duration ahead, long at) {
        boolean isFresh() {
            return System.nanoTime() - at < MEASURE_EVERY;
        }
    }

    CommitClock(InstantSource local, MongoDatabase database) {
        this.local = local;
        this.database = database;
    }

    /** The instant of the next version, after the one before it whatever the clocks say. */
    Instant after(Instant previous) {
        Instant now = now();
        Instant earliest = previous.plusMillis(1);
        return now.isBefore(earliest) ? earliest : now;
    }

    /** The primary's time in milliseconds. */
    Instant now() {
        return local.instant().plus(ahead()).truncatedTo(ChronoUnit.MILLIS);
    }

    /** Whoever comes while nothing is known waits for the first measurement; later ones let the others go on. */
    private Duration ahead() {
        Measured known = measured;
        if (known != null && (known.isFresh() || !measuring.tryLock())) {
            return known.ahead();
        }
        if (known == null) {
            measuring.lock();
        }
        try {
            Measured newest = measured;
            if (newest == null || !newest.isFresh()) {
                newest = new Measured(measure(), System.nanoTime());
                measured = newest;
            }
            return newest.ahead();
        } finally {
            measuring.unlock();
        }
    }

    private Duration measure() {
        Instant sent = local.instant();
        BsonDocument hello = database.runCommand(new BsonDocument("hello", new BsonInt32(1)), BsonDocument.class);
        Duration roundTrip = Duration.between(sent, local.instant());
        Instant primary = Instant.ofEpochMilli(hello.getDateTime("localTime").getValue());
        Duration difference = Duration.between(sent.plus(roundTrip.dividedBy(2)), primary);
        // Its clock is told in whole milliseconds: less than that, and the round trip, is no difference.
        boolean known = difference.abs().compareTo(roundTrip.plusMillis(2)) > 0;
        return known ? difference : Duration.ZERO;
    }
}
