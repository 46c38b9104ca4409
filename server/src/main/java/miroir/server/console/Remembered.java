package miroir.server.console;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a page shows of the database as a whole. Anybody may ask for the first page, and nobody counts how often: so the database is asked every ten seconds at
 * most, while who asks gets what was known before: by a thread of its own as long as somebody goes on to ask, and by who asks where what was known is old.
 */
final class Remembered<T> {
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long OLD_NANOS = 3 * GOOD_NANOS;

    private static final Logger LOG = LoggerFactory.getLogger(Remembered.class);

    private final Supplier<T> ask;
    private final AtomicBoolean isAsking = new AtomicBoolean();
    private volatile T known;
    private volatile long askedAt = System.nanoTime() - OLD_NANOS - 1;

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
        long age = System.nanoTime() - askedAt;
        if (age > GOOD_NANOS && isAsking.compareAndSet(false, true)) {
            if (age > OLD_NANOS) {
                askAgain();
            } else {
                askBeside();
            }
        }
        return known;
    }

    private void askBeside() {
        Thread thread = new Thread(this::askAgain, "console-remembered");
        thread.setDaemon(true);
        thread.start();
    }

    private void askAgain() {
        try {
            known = ask.get();
        } catch (RuntimeException e) {
            LOG.warn("pages go on with what was known", e);
        } finally {
            askedAt = System.nanoTime();
            isAsking.set(false);
        }
    }
}
