package miroir.server.load;

import java.util.Arrays;

/**
 * How often something took how long.
 *
 * <p>The problem: percentiles of an hour cannot be had from those of its minutes, and to keep every time is to keep as much as there are requests.
 *
 * <p>The approach: times fall into buckets whose widths grow with them, eight for each doubling, from a microsecond to two minutes. A bucket is at
 * most an eighth as wide as the times in it are long, and within it times are taken to be spread evenly, so that a percentile is wrong by a few percent,
 * of microseconds as of seconds. Two histograms are put together by adding their buckets, so an hour's is exactly that of its minutes.
 *
 * <p>The cost: most of the 200 buckets are empty; the others are kept, sixteen bytes each. Times of one kind of request are in twenty or thirty of them.
 *
 * <p>Buckets of the same width would be as wrong for short times as they are wide, and a sample would lose what is rare, which is what a 99th
 * percentile is about. Sketches that keep ranks cannot be subtracted, and a piece of time here is what there is now without what there was before.
 */
public final class LogHistogram {
    /** Nothing happened. */
    public static final LogHistogram EMPTY = new LogHistogram(new int[0], new long[0]);

    /** Each doubling has so many. */
    private static final int PARTS = 8;

    private static final int BITS = 3;

    /** The last one is for two minutes and whatever is longer. */
    static final int BUCKETS = 200;

    private static final double MICROS = 1_000;

    /** Those that are not empty, in order. */
    private final int[] buckets;

    private final long[] counts;
    private final long count;

    private LogHistogram(int[] buckets, long[] counts) {
        this.buckets = buckets;
        this.counts = counts;
        this.count = Arrays.stream(counts).sum();
    }

    /** Of the counts of all buckets. */
    static LogHistogram of(long... all) {
        int used = (int) Arrays.stream(all).filter(each -> each > 0).count();
        int[] buckets = new int[used];
        long[] counts = new long[used];
        int next = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] > 0) {
                buckets[next] = i;
                counts[next++] = all[i];
            }
        }
        return used == 0 ? EMPTY : new LogHistogram(buckets, counts);
    }

    /** In which bucket a time is: the place of its first bit, and the three bits after it. */
    static int bucket(long nanos) {
        long micros = Math.max(0, nanos / (long) MICROS);
        if (micros < PARTS) {
            return (int) micros;
        }
        int first = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
        int part = (int) (micros >>> (first - BITS)) & (PARTS - 1);
        return Math.min(BUCKETS - 1, PARTS * (first - BITS + 1) + part);
    }

    /** The shortest time that is in a bucket, in microseconds. */
    static long shortest(int bucket) {
        if (bucket < PARTS) {
            return bucket;
        }
        int doublings = bucket / PARTS - 1;
        return (long) (PARTS + bucket % PARTS) << doublings;
    }

    /** How many times there are. */
    public long count() {
        return count;
    }

    /** Which time that part of them do not exceed, in milliseconds; not a number where there are none. */
    public double percentile(double part) {
        if (count == 0) {
            return Double.NaN;
        }
        double rank = part * count;
        long before = 0;
        for (int i = 0; i < buckets.length; i++) {
            if (before + counts[i] >= rank) {
                double within = (rank - before) / counts[i];
                long from = shortest(buckets[i]);
                return (from + within * (shortest(buckets[i] + 1) - from)) / MICROS;
            }
            before += counts[i];
        }
        return shortest(buckets[buckets.length - 1] + 1) / MICROS;
    }

    LogHistogram and(LogHistogram other) {
        return count == 0 ? other : other.count == 0 ? this : merged(other, 1);
    }

    /** What came since. */
    LogHistogram since(LogHistogram before) {
        return before.count == count ? EMPTY : before.count == 0 ? this : merged(before, -1);
    }

    private LogHistogram merged(LogHistogram other, int sign) {
        long[] all = new long[BUCKETS];
        add(all, 1);
        other.add(all, sign);
        return of(all);
    }

    private void add(long[] all, int sign) {
        for (int i = 0; i < buckets.length; i++) {
            all[buckets[i]] += sign * counts[i];
        }
    }

    @Override
    public String toString() {
        return count + " times, half of them up to " + percentile(0.5) + " ms";
    }
}
