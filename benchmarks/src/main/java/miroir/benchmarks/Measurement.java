package miroir.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One round of one workload, or the median of several.
 *
 * @param serverMicros CPU of the server's process per request
 * @param databaseMicros CPU of mongod per request
 * @param clientMicros CPU of the client per request
 */
record Measurement(
        Way way,
        Workload workload,
        double perSecond,
        double p50Millis,
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
                first.workload,
                median(rounds, Measurement::perSecond),
                median(rounds, Measurement::p50Millis),
                median(rounds, Measurement::p99Millis),
                median(rounds, Measurement::serverMicros),
                median(rounds, Measurement::databaseMicros),
                median(rounds, Measurement::clientMicros));
    }

    private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
        List<Double> sorted = rounds.stream()
                .map(figure::applyAsDouble)
                .sorted(Comparator.naturalOrder())
                .toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
