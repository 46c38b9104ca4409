package miroir.benchmarks.ingest;

import java.util.List;
import java.util.Locale;
import miroir.benchmarks.Median;

/**
 * One way in one round, or the median of several.
 *
 * @param perSecond resources
 * @param databaseMicros CPU of mongod for each resource
 * @param javaMicros CPU of the process with store or driver for each resource
 * @param simulatorMicros CPU of the simulator, which takes part on the whole way only
 */
record IngestMeasurement(
        IngestWay way, double perSecond, double databaseMicros, double javaMicros, double simulatorMicros) {

    /** The median of each figure by itself. */
    static IngestMeasurement median(List<IngestMeasurement> rounds) {
        return new IngestMeasurement(
                rounds.get(0).way,
                Median.of(rounds, IngestMeasurement::perSecond),
                Median.of(rounds, IngestMeasurement::databaseMicros),
                Median.of(rounds, IngestMeasurement::javaMicros),
                Median.of(rounds, IngestMeasurement::simulatorMicros));
    }

    /** CPU of database and store together. */
    double micros() {
        return databaseMicros + javaMicros;
    }

    /** One row of the table. */
    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f | **%.0f** | %.0f |%n",
                way.title(),
                perSecond,
                databaseMicros,
                javaMicros,
                micros(),
                simulatorMicros);
    }

    /** One line of the JSON. */
    String json() {
        return String.format(
                Locale.ROOT,
                "    {\"way\": \"%s\", \"perSecond\": %.1f, \"databaseMicros\": %.1f, \"javaMicros\": %.1f, \"simulatorMicros\": %.1f}",
                way.name(),
                perSecond,
                databaseMicros,
                javaMicros,
                simulatorMicros);
    }
}
