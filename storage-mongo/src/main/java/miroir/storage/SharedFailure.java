package miroir.storage;

import com.mongodb.MongoException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The failure of whoever does under a lock what many wait for, so that it is the failure of them all: each would else wait
 * as long again for a database that is away. Set and thrown under that lock, counted before waiting for it.
 */
final class SharedFailure {
    private final AtomicLong count = new AtomicLong();
    private @Nullable MongoException newest;

    long count() {
        return count.get();
    }

    void set(MongoException failure) {
        newest = failure;
        count.incrementAndGet();
    }

    /** Throws what failed after so many. */
    void throwIfSince(long seen) {
        MongoException failed = newest;
        if (failed != null && count.get() > seen) {
            throw failed;
        }
    }
}
