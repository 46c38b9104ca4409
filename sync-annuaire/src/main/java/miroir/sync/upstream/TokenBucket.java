package miroir.sync.upstream;

import java.util.function.LongSupplier;

/**
 * Says when the next call may go out, so that there are never more than so many in any second. Places are given out in
 * advance: whoever asks gets one and waits for it, so threads need no queue of their own. There are no bursts: the
 * upstream counts in windows of its own, and a burst at the seam of two of them would be above its quota.
 */
final class TokenBucket {
    private final long nanosApart;
    private final LongSupplier clock;
    private long next;

    TokenBucket(double perSecond, LongSupplier clock) {
        if (perSecond <= 0) {
            throw new IllegalArgumentException("a quota of " + perSecond + " calls a second; allowed is more than 0");
        }
        this.nanosApart = (long) (1e9 / perSecond);
        this.clock = clock;
        this.next = clock.getAsLong();
    }

    /** Takes a place; returns for how many nanoseconds to wait for it. */
    synchronized long take() {
        long now = clock.getAsLong();
        long place = Math.max(now, next);
        next = place + nanosApart;
        return place - now;
    }
}
