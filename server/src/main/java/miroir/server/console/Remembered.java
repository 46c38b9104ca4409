package miroir.server.console;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a page shows of the database as a whole. Anybody may ask for the first page, and nobody counts how often: so the database is asked every ten seconds at
 * most, by one of those who ask, while the others get what was known before.
 */
final class Remembered<T> {
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(Remembered.class);

    private final Supplier<T> ask;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile T known;
    private volatile long askedAt = System.nanoTime() - GOOD_NANOS - 1;

    /**
     * Nothing yet.
     *
     * @param unknown what is said before it was asked
     */
    Remembered(Supplier<T> ask, T unknown) {
        this.ask = ask;
        this.known = unknown;
    }

    T get() {
        if (System.nanoTime() - askedAt > GOOD_NANOS && asking.tryLock()) {
            try {
                known = ask.get();
            } catch (RuntimeException e) {
                LOG.warn("pages go on with what was known", e);
            } finally {
                askedAt = System.nanoTime();
                asking.unlock();
            }
        }
        return known;
    }
}
