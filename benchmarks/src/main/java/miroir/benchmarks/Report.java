package miroir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The result of a run, for people and for programs. */
record Report(String date, String revision, Plan plan, Machine machine, List<Measurement> medians, List<Ratio> ratios) {

    static List<Ratio> ratios(List<Measurement> medians) {
        return medians.stream()
                .filter(other -> other.way() != Way.RAW)
                .flatMap(other -> medians.stream()
                        .filter(raw -> raw.way() == Way.RAW && raw.workload() == other.workload())
                        .map(raw -> Ratio.of(other, raw)))
                .toList();
    }

    /** Writes {@code name.md} and {@code name.json}. */
    void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), markdown());
        Files.writeString(folder.resolve(name + ".json"), json());
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("# Raw path, HAPI's ordinary path and a bare servlet\n\n");
        text.append(
                line("Written by `./miroir bench` on %s at revision %s; [how to read it](README.md).", date, revision));
        text.append(line(
                "%d practitioners, %d connections, medians of %d interleaved rounds, %d cores shared by client, server and"
                        + " MongoDB %s, Java %s, load before the run %.1f.",
                plan.practitioners(),
                LoadClient.CONNECTIONS,
                plan.rounds(),
                machine.cores(),
                machine.database(),
                machine.java(),
                machine.loadBefore()));
        text.append(
                "\n| workload | way | req/s | p50 ms | p99 ms | server CPU µs | mongod CPU µs | both µs | client CPU µs |\n");
        text.append("|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
        for (Measurement m : medians) {
            text.append(line(
                    "| %s | %s | %.0f | %.2f | %.2f | %.0f | %.0f | **%.0f** | %.0f |",
                    m.workload().title(),
                    m.way().title(),
                    m.perSecond(),
                    m.p50Millis(),
                    m.p99Millis(),
                    m.serverMicros(),
                    m.databaseMicros(),
                    m.micros(),
                    m.clientMicros()));
        }
        text.append("\nCPU per request, other way divided by the raw path:\n\n");
        text.append(
                "| workload | compared with | server and mongod | server alone | judged | target | |\n|---|---|--:|--:|--:|--:|---|\n");
        for (Ratio ratio : ratios) {
            text.append(line(
                    "| %s | %s | %.2f | %.2f | **%.2f** | %.1f | %s |",
                    ratio.workload().title(),
                    ratio.of().title(),
                    ratio.ratio(),
                    ratio.server(),
                    ratio.judged(),
                    ratio.target(),
                    ratio.isReached() ? "reached" : "missed"));
        }
        return text.toString();
    }

    private String json() {
        String rows = medians.stream()
                .map(m -> line(
                                "    {\"workload\": \"%s\", \"way\": \"%s\", \"perSecond\": %.1f, \"p50Millis\": %.3f,"
                                        + " \"p99Millis\": %.3f, \"serverMicros\": %.1f, \"databaseMicros\": %.1f, \"clientMicros\": %.1f}",
                                m.workload().name(),
                                m.way().code(),
                                m.perSecond(),
                                m.p50Millis(),
                                m.p99Millis(),
                                m.serverMicros(),
                                m.databaseMicros(),
                                m.clientMicros())
                        .stripTrailing())
                .collect(Collectors.joining(",\n"));
        String compared = ratios.stream()
                .map(r -> line(
                                "    {\"workload\": \"%s\", \"way\": \"%s\", \"ratio\": %.3f, \"serverRatio\": %.3f, \"target\": %.1f,"
                                        + " \"reached\": %b}",
                                r.workload().name(), r.of().code(), r.ratio(), r.server(), r.target(), r.isReached())
                        .stripTrailing())
                .collect(Collectors.joining(",\n"));
        return line(
                """
                {
                %s
                  "medians": [
                %s
                  ],
                  "ratios": [
                %s
                  ]
                }""",
                machine.json(date, revision, "practitioners", plan.practitioners(), plan.rounds()), rows, compared);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
