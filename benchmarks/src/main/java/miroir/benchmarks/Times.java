package miroir.benchmarks;

import java.util.Arrays;

/** How long many requests took all together, and the slower of them. */
public record Times(int requests, double seconds, double p50Millis, double p95Millis, double p99Millis) {

    /** From the nanoseconds of each, which are sorted here. */
    public static Times of(double seconds, long[] nanos) {
        Arrays.sort(nanos);
        return new Times(nanos.length, seconds, millis(nanos, 50), millis(nanos, 95), millis(nanos, 99));
    }

    private static double millis(long[] sorted, int percent) {
        return sorted[sorted.length * percent / 100] / 1e6;
    }
}
