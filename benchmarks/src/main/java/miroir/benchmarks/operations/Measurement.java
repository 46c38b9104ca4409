package miroir.benchmarks.operations;

import java.util.List;
import java.util.function.ToDoubleFunction;

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
                median(rounds, Measurement::perSecond),
                median(rounds, Measurement::p50Millis),
                median(rounds, Measurement::p95Millis),
                median(rounds, Measurement::p99Millis),
                median(rounds, Measurement::serverMicros),
                median(rounds, Measurement::databaseMicros),
                median(rounds, Measurement::clientMicros));
    }

    private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
