package miroir.sync.upstream;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Says when the next call may go out, so that there are never more than so many in any second. Places are given out in
 * advance: whoever asks gets one and waits for it, so threads need no queue of their own. There are no bursts: the
 * upstream counts in windows of its own, and a burst at the seam of two of them would be above its quota. Where the upstream
 * says that it is enough for now, nobody goes out, also not who has a place already: all take new ones behind that.
 */
final class TokenBucket {
    private final long nanosApart;
    private final LongSupplier clock;
    private long next;
    private int holds;

    TokenBucket(double perSecond, LongSupplier clock) {
        if (perSecond <= 0) {
            throw new IllegalArgumentException("a quota of " + perSecond + " calls a second; allowed is more than 0");
        }
        this.nanosApart = (long) (1e9 / perSecond);
        this.clock = clock;
        this.next = clock.getAsLong();
    }

    /**
     * Waits for a place.
     *
     * @param pause waits for so many nanoseconds
     */
    void await(LongConsumer pause) {
        int before;
        do {
            before = holds();
            pause.accept(take());
        } while (before != holds());
    }

    /** Takes a place; returns for how many nanoseconds to wait for it. */
    synchronized long take() {
        long now = clock.getAsLong();
        long place = Math.max(now, next);
        next = place + nanosApart;
        return place - now;
    }

    /** Lets nobody out for so many nanoseconds. */
    synchronized void hold(long nanos) {
        holds++;
        next = Math.max(next, clock.getAsLong() + nanos);
    }

    private synchronized int holds() {
        return holds;
    }
}
