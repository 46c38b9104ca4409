package miroir.benchmarks.operations;

import java.util.List;
import miroir.benchmarks.Median;

/**
 * One round of one operation, or the median of several.
 *
 * @param serverMicros CPU of the server's process per request; 0 where it cannot be seen
 * @param databaseMicros CPU of mongod per request
 * @param clientMicros CPU of the client per request
 */
record Measurement(
        Way way,
        Operation operation,
        double perSecond,
        double p50Millis,
        double p95Millis,
        double p99Millis,
        double serverMicros,
        double databaseMicros,
        double clientMicros) {

    /** CPU of server and database together. */
    double micros() {
        return serverMicros + databaseMicros;
    }

    /** The median of each figure by itself. */
    static Measurement median(List<Measurement> rounds) {
        Measurement first = rounds.get(0);
        return new Measurement(
                first.way,
                first.operation,
                Median.of(rounds, Measurement::perSecond),
                Median.of(rounds, Measurement::p50Millis),
                Median.of(rounds, Measurement::p95Millis),
                Median.of(rounds, Measurement::p99Millis),
                Median.of(rounds, Measurement::serverMicros),
                Median.of(rounds, Measurement::databaseMicros),
                Median.of(rounds, Measurement::clientMicros));
    }
}
