package miroir.storage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * How fast what is done in the background may go, and whether it is to go on. Each batch is followed by a pause, as long as it took, or as it takes at the rate that is allowed, so that
 * others find the database.
 */
final class Pace {
    private final int documentsPerSecond;
    private final BooleanSupplier goesOn;
    private final long slice;
    private final LongConsumer told;
    private boolean stopped;
    private long done;

    /**
     * Of one piece of work, by one thread.
     *
     * @param documentsPerSecond 0: half of the time is left to others
     * @param goesOn asked between batches, and while it pauses
     * @param slice in nanoseconds: a pause is not longer without a look at whether it is to go on
     * @param told how much is done, as often as that is said
     */
    Pace(int documentsPerSecond, BooleanSupplier goesOn, long slice, LongConsumer told) {
        this.documentsPerSecond = documentsPerSecond;
        this.goesOn = goesOn;
        this.slice = slice;
        this.told = told;
    }

    /** How many documents are to be changed between two pauses at most. */
    int batch(int most) {
        return documentsPerSecond == 0 ? most : Math.min(most, documentsPerSecond);
    }

    /** Who was told once that it is over is not asked again. */
    boolean goesOn() {
        stopped = stopped || !goesOn.getAsBoolean();
        return !stopped;
    }

    /** Counts what was changed. */
    void changed(long documents) {
        done += documents;
        told.accept(done);
    }

    /** How much was changed. */
    long done() {
        return done;
    }

    /**
     * Pauses after a batch. Whether it is to go on.
     *
     * @param began when the batch did
     */
    boolean rest(long began, int documents) {
        long took = System.nanoTime() - began;
        long until =
                began + (documentsPerSecond == 0 ? 2 * took : TimeUnit.SECONDS.toNanos(documents) / documentsPerSecond);
        for (long rest = until - System.nanoTime(); rest > 0; rest = until - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(rest, slice));
            if (!goesOn()) {
                return false;
            }
        }
        return true;
    }
}
