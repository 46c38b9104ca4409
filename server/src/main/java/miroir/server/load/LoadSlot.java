package miroir.server.load;

import java.time.Duration;
import java.time.Instant;

/**
 * A piece of time and what was asked for in it.
 *
 * @param heap the most that was used of the heap, in bytes, at the ends of the pieces that this one is made of
 */
public record LoadSlot(Instant from, Instant to, LoadTally tally, long heap) {
    private static final double NANOS = 1e9;

    /** This piece and a later one. */
    LoadSlot and(LoadSlot later) {
        return new LoadSlot(from, later.to, tally.and(later.tally), Math.max(heap, later.heap));
    }

    /** So many in a second, where there were so many in all of it. */
    public double perSecond(long count) {
        return count / Math.max(1e-3, length().toNanos() / NANOS);
    }

    public Instant middle() {
        return from.plus(length().dividedBy(2));
    }

    private Duration length() {
        return Duration.between(from, to);
    }
}
