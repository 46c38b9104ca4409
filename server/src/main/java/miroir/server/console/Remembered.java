package miroir.server.console;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a page shows of the database as a whole. Anybody may ask for the first page, and nobody counts how often: so the database is asked from time to time at
 * most, while who asks gets what was known before: by a thread of its own as long as somebody goes on to ask, and by who asks where what was known is old.
 */
final class Remembered<T> {
    private static final Duration GOOD = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Remembered.class);

    private final Supplier<T> ask;
    private final long goodNanos;
    private final long oldNanos;
    private final AtomicBoolean isAsking = new AtomicBoolean();
    private volatile T known;
    private volatile long askedAt;

    /** Nothing yet; of what is dear. */
    Remembered(Supplier<T> ask, T unknown) {
        this(ask, unknown, GOOD, GOOD.multipliedBy(3));
    }

    /**
     * Nothing yet.
     *
     * @param unknown what is said before it was asked
     * @param good for how long it is not asked again
     * @param old from when on who asks waits
     */
    Remembered(Supplier<T> ask, T unknown, Duration good, Duration old) {
        this.ask = ask;
        this.known = unknown;
        this.goodNanos = good.toNanos();
        this.oldNanos = old.toNanos();
        this.askedAt = System.nanoTime() - oldNanos - 1;
    }

    T get() {
        long age = System.nanoTime() - askedAt;
        if (age > goodNanos && isAsking.compareAndSet(false, true)) {
            if (age > oldNanos) {
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
