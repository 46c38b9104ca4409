package miroir.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The primary's time without asking for it each time. It was what the primary said when the answer arrives here, or is
 * later by a part of the round trip: so what is reckoned from there by our own steady clock is never ahead of the
 * primary's, apart from what two clocks drift in seconds. It never goes back.
 */
final class CommitClock {
    private static final long MEASURE_EVERY = Duration.ofSeconds(10).toNanos();
    private static final long DOUBTED_AFTER = Duration.ofSeconds(1).toNanos();

    private final Supplier<Instant> primary;
    private final LongSupplier steady;
    private final ReentrantLock measuring = new ReentrantLock();
    private final AtomicLong latest = new AtomicLong();
    private volatile @Nullable Measured measured;

    /** What the primary said, and what our steady clock showed when we heard it. */
    private record Measured(long primaryMillis, long at) {}

    CommitClock(StoreDatabase database) {
        this(database::primaryTime, System::nanoTime);
    }

    CommitClock(Supplier<Instant> primary, LongSupplier steady) {
        this.primary = primary;
        this.steady = steady;
    }

    /** The primary's time in milliseconds. */
    Instant now() {
        Measured known = known(MEASURE_EVERY);
        long reckoned = known.primaryMillis()
                + Duration.ofNanos(steady.getAsLong() - known.at()).toMillis();
        return Instant.ofEpochMilli(latest.accumulateAndGet(reckoned, Math::max));
    }

    /** Something was too late that should not have been: our steady clock may have stood still. */
    void doubt() {
        known(DOUBTED_AFTER);
    }

    /** Whoever comes while nothing is known waits for the first measurement; later ones let the others go on. */
    private Measured known(long freshFor) {
        Measured known = measured;
        if (known != null && (isFresh(known, freshFor) || !measuring.tryLock())) {
            return known;
        }
        if (known == null) {
            measuring.lock();
        }
        try {
            Measured newest = measured;
            if (newest == null || !isFresh(newest, freshFor)) {
                newest = new Measured(primary.get().toEpochMilli(), steady.getAsLong());
                measured = newest;
            }
            return newest;
        } finally {
            measuring.unlock();
        }
    }

    private boolean isFresh(Measured known, long freshFor) {
        return steady.getAsLong() - known.at() < freshFor;
    }
}
