package miroir.benchmarks;

import java.util.List;
import java.util.Locale;

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
                Median.of(rounds, WriteMeasurement::perSecond),
                Median.of(rounds, WriteMeasurement::p50Millis),
                Median.of(rounds, WriteMeasurement::p99Millis),
                Median.of(rounds, WriteMeasurement::serverMicros),
                Median.of(rounds, WriteMeasurement::databaseMicros),
                Median.of(rounds, WriteMeasurement::clientMicros));
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
