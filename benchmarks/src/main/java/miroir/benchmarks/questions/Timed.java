package miroir.benchmarks.questions;

import java.util.Arrays;
import java.util.List;
import miroir.benchmarks.Median;

/**
 * How long a question took, one way, asked one after the other.
 *
 * @param ownMicros CPU of the server, or of whoever asks the driver by hand, per question
 * @param databaseMicros CPU of mongod per question
 */
record Timed(double p50Millis, double p95Millis, double ownMicros, double databaseMicros) {

    static Timed of(long[] nanos, double ownSeconds, double databaseSeconds) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        int count = sorted.length;
        return new Timed(
                sorted[count / 2] / 1e6,
                sorted[Math.min(count - 1, count * 95 / 100)] / 1e6,
                ownSeconds * 1e6 / count,
                databaseSeconds * 1e6 / count);
    }

    /** The median of each figure by itself. */
    static Timed median(List<Timed> rounds) {
        return new Timed(
                Median.of(rounds, Timed::p50Millis),
                Median.of(rounds, Timed::p95Millis),
                Median.of(rounds, Timed::ownMicros),
                Median.of(rounds, Timed::databaseMicros));
    }

    double micros() {
        return ownMicros + databaseMicros;
    }
}
