package miroir.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Writes of one kind by so many clients: one round, or the median of several.
 *
 * @param bare on the driver instead of over HTTP
 * @param serverMicros CPU of the server's process per write; 0 where there is none
 * @param clientMicros CPU of the client per write; on the driver, all that the driver costs
 */
record WriteMeasurement(
        WriteKind kind,
        int clients,
        boolean bare,
        double perSecond,
        double p50Millis,
        double p99Millis,
        double serverMicros,
        double databaseMicros,
        double clientMicros) {

    /** The median of each figure by itself. */
    static WriteMeasurement median(List<WriteMeasurement> rounds) {
        WriteMeasurement first = rounds.get(0);
        return new WriteMeasurement(
                first.kind,
                first.clients,
                first.bare,
                median(rounds, WriteMeasurement::perSecond),
                median(rounds, WriteMeasurement::p50Millis),
                median(rounds, WriteMeasurement::p99Millis),
                median(rounds, WriteMeasurement::serverMicros),
                median(rounds, WriteMeasurement::databaseMicros),
                median(rounds, WriteMeasurement::clientMicros));
    }

    private static double median(List<WriteMeasurement> rounds, ToDoubleFunction<WriteMeasurement> figure) {
        List<Double> sorted = rounds.stream()
                .map(figure::applyAsDouble)
                .sorted(Comparator.naturalOrder())
                .toList();
        return sorted.get(sorted.size() / 2);
    }

    /** One row of the table. */
    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %s | %.0f | %.2f | %.2f | %.0f | %.0f | %.0f |%n",
                kind.title(),
                clients,
                bare ? "the protocol on the driver" : "Miroir over HTTP",
                perSecond,
                p50Millis,
                p99Millis,
                serverMicros,
                databaseMicros,
                clientMicros);
    }

    /** One line of the JSON. */
    String json() {
        return String.format(
                Locale.ROOT,
                "    {\"write\": \"%s\", \"clients\": %d, \"way\": \"%s\", \"perSecond\": %.1f, \"p50Millis\": %.3f,"
                        + " \"p99Millis\": %.3f, \"serverMicros\": %.1f, \"databaseMicros\": %.1f, \"clientMicros\": %.1f}",
                kind.name(),
                clients,
                bare ? "driver" : "http",
                perSecond,
                p50Millis,
                p99Millis,
                serverMicros,
                databaseMicros,
                clientMicros);
    }
}
