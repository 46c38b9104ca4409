package miroir.server.pipeline;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How often somebody may ask: so many times a second, and after a rest so many at once as ten seconds give.
 *
 * <p>The problem: every request of every client comes here, on all threads at once, and of thousands of clients something has to be remembered.
 *
 * <p>The approach: a bucket that fills at the rate and from which each request takes. Instead of what is in it, and when that was so, only the
 * moment is kept at which it will be full (the generic cell rate algorithm): a request puts that off by the time in which one request
 * comes back. It is refused where that would be more than ten seconds away, and then how far away it is says when to come again. One number,
 * changed by comparing and setting it, so that many at once take no more than one after the other would. A rate is given with each question, since it may
 * change at any moment: what was taken is kept as a time, so a higher rate gives more at once, and who has used up everything waits for one request
 * at the new one.
 *
 * <p>Of what costs more than one request, and shows that when its body is there, the rest is owed: the moment moves beyond the ten seconds, by a minute at most. Who
 * owes something gets nothing more, whenever he began to ask for it.
 *
 * <p>Counting by windows of a second would let twice as much through at their border, and a list of past requests would be as long as the burst.
 */
final class Bucket {
    /** The time in which an empty one fills. */
    static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long the largest debt takes to be paid. */
    static final long DEBT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong fullAt = new AtomicLong();

    /**
     * Takes one, where there is one.
     *
     * @param perSecond how many come in a second
     * @param now in nanoseconds since some moment before the bucket was made
     * @return 0 where it was taken; otherwise in how many nanoseconds there is one
     */
    long take(int perSecond, long now) {
        long each = SECOND / perSecond;
        while (true) {
            long before = fullAt.get();
            long after = Math.max(before, now) + each;
            if (after - now > BURST_NANOS) {
                return after - now - BURST_NANOS;
            }
            if (fullAt.compareAndSet(before, after)) {
                return 0;
            }
        }
    }

    /** In how many nanoseconds there is one; 0: there is. Takes nothing. */
    long untilNext(int perSecond, long now) {
        return Math.max(0, Math.max(fullAt.get(), now) + SECOND / perSecond - now - BURST_NANOS);
    }

    /**
     * Takes so many, whether they are there or not, but from who owes nothing yet.
     *
     * @return 0 where they were taken; otherwise in how many nanoseconds nothing is owed
     */
    long owe(int number, int perSecond, long now) {
        long taken = number * (SECOND / perSecond);
        long latest = now + BURST_NANOS + DEBT_NANOS;
        while (true) {
            long before = fullAt.get();
            if (before - now > BURST_NANOS) {
                return before - now - BURST_NANOS;
            }
            if (fullAt.compareAndSet(before, Math.min(Math.max(before, now) + taken, latest))) {
                return 0;
            }
        }
    }

    /** Whether it is as if it had never been used. */
    boolean isFull(long now) {
        return fullAt.get() <= now;
    }
}
