package miroir.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes over HTTP beside the same protocol on the driver: for every row over HTTP, the one on the driver follows. */
record WriteReport(
        String date, String revision, int resources, int rounds, Machine machine, List<WriteMeasurement> medians)
        implements MeasuredReport {
    private static final double TARGET = 0.6;

    @Override
    public String markdown() {
        StringBuilder text = new StringBuilder("# Writes over HTTP and on the bare driver\n\n");
        text.append(line(
                "Written by `./miroir bench --writes` on %s at revision %s; [how to read it](README.md).",
                date, revision));
        text.append(line(
                "%d practitioners, medians of %d interleaved rounds, %d cores shared by clients, server and MongoDB %s, Java %s,"
                        + " load before the run %.1f. Everything journaled by a majority of one.",
                resources, rounds, machine.cores(), machine.database(), machine.java(), machine.loadBefore()));
        text.append(
                "\n| write | clients | way | per s | p50 ms | p99 ms | server CPU µs | mongod CPU µs | client CPU µs |\n");
        text.append("|---|--:|---|--:|--:|--:|--:|--:|--:|\n");
        medians.forEach(measurement -> text.append(measurement.row()));
        text.append("\nWrites per second over HTTP, divided by those on the driver:\n\n");
        text.append("| write | clients | ratio | target | | latency p50, driver / HTTP |\n|---|--:|--:|--:|---|--:|\n");
        for (int i = 0; i + 1 < medians.size(); i += 2) {
            text.append(ratio(medians.get(i), medians.get(i + 1)));
        }
        return text.toString();
    }

    private static String ratio(WriteMeasurement http, WriteMeasurement driver) {
        double ratio = http.perSecond() / driver.perSecond();
        return line(
                "| %s | %d | **%.2f** | %.1f | %s | %.2f |",
                http.kind().title(),
                http.clients(),
                ratio,
                TARGET,
                ratio >= TARGET ? "reached" : "missed",
                driver.p50Millis() / http.p50Millis());
    }

    @Override
    public String json() {
        return line(
                """
                {
                %s
                  "target": %.1f,
                  "medians": [
                %s
                  ]
                }""",
                machine.json(date, revision, "practitioners", resources, rounds),
                TARGET,
                medians.stream().map(WriteMeasurement::json).collect(Collectors.joining(",\n")));
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
