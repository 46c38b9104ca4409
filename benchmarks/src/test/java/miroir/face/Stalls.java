package miroir.face;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** For how long this machine lets somebody wait who is to run every twentieth of a second: whatever else takes time here takes that much more. */
final class Stalls implements AutoCloseable {
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(50);

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong longest = new AtomicLong();
    private volatile long before = System.nanoTime();

    private Stalls() {}

    static Stalls watch() {
        Stalls stalls = new Stalls();
        // What it returns ends with the clock.
        stalls.begin();
        return stalls;
    }

    private void begin() {
        clock.execute(this::turn);
    }

    private void turn() {
        long now = System.nanoTime();
        longest.accumulateAndGet(now - before - EVERY, Math::max);
        before = now;
        if (!clock.isShutdown()) {
            var unused = clock.schedule(this::turn, EVERY, TimeUnit.NANOSECONDS);
        }
    }

    /** The longest since that was asked last, in milliseconds. */
    long longest() {
        return TimeUnit.NANOSECONDS.toMillis(longest.getAndSet(0));
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
