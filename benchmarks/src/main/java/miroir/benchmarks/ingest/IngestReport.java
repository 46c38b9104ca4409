package miroir.benchmarks.ingest;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import miroir.benchmarks.Machine;
import miroir.benchmarks.MeasuredReport;

/** Taking in beside the bare driver. */
record IngestReport(
        String date,
        String revision,
        int resources,
        int rounds,
        Machine machine,
        Map<IngestWay, IngestMeasurement> medians)
        implements MeasuredReport {

    /** A way that is held against another one, and how much of its rate is wanted at least. */
    private record Target(IngestWay way, IngestWay against, double least) {}

    private static final List<Target> TARGETS = List.of(
            new Target(IngestWay.TAKEN_IN, IngestWay.BARE, 0.6),
            new Target(IngestWay.COPIED, IngestWay.BARE, 0.6),
            new Target(IngestWay.BATCHES, IngestWay.BARE, 0.6),
            new Target(IngestWay.TAKEN_IN_AGAIN, IngestWay.TAKEN_IN, 3),
            new Target(IngestWay.COPIED_AGAIN, IngestWay.COPIED, 3));

    /** What is to cost no more than {@link #MOST_MICROS}. */
    private static final List<IngestWay> LIMITED = List.of(IngestWay.COPIED, IngestWay.BATCHES);

    private static final int MOST_MICROS = 500;

    IngestReport {
        medians = Map.copyOf(medians);
    }

    private List<IngestMeasurement> inOrder() {
        return medians.values().stream()
                .sorted((one, other) -> one.way().compareTo(other.way()))
                .toList();
    }

    private IngestMeasurement median(IngestWay way) {
        return Objects.requireNonNull(medians.get(way));
    }

    @Override
    public String markdown() {
        StringBuilder text = new StringBuilder("# Taking in a directory, and the bare driver\n\n");
        text.append(line(
                "Written by `./miroir bench --ingest` on %s at revision %s; [how to read it](README.md).",
                date, revision));
        text.append(line(
                "%d resources of five types in the ratio of the directory, pages of %d by %d threads, medians of %d interleaved rounds,"
                        + " an empty database with the same indexes for each; %d cores shared by simulator, Java and MongoDB %s,"
                        + " Java %s, load before the run %.1f. Everything journaled by a majority of one.",
                resources,
                IngestBenchmark.PAGE,
                IngestBenchmark.THREADS,
                rounds,
                machine.cores(),
                machine.database(),
                machine.java(),
                machine.loadBefore()));
        text.append("\n| way | per s | mongod CPU µs | Java CPU µs | both µs | simulator CPU µs |\n");
        text.append("|---|--:|--:|--:|--:|--:|\n");
        inOrder().forEach(measurement -> text.append(measurement.row()));
        text.append("\nResources per second, divided:\n\n");
        text.append("| way | by that of | rate | target | | CPU of both, other way / this way |\n");
        text.append("|---|---|--:|--:|---|--:|\n");
        TARGETS.forEach(target -> text.append(line(
                "| %s | %s | **%.2f** | %.1f | %s | %.2f |",
                target.way.title(),
                target.against.title(),
                rate(target),
                target.least,
                rate(target) >= target.least ? "reached" : "missed",
                median(target.against).micros() / median(target.way).micros())));
        text.append(
                "\nCPU of mongod and Java for each resource, which on the way of the batches is that of server and client:\n\n");
        text.append("| way | µs | at most | |\n");
        text.append("|---|--:|--:|---|\n");
        LIMITED.forEach(way -> text.append(line(
                "| %s | **%.0f** | %d | %s |",
                way.title(),
                median(way).micros(),
                MOST_MICROS,
                median(way).micros() <= MOST_MICROS ? "reached" : "missed")));
        return text.toString();
    }

    private double rate(Target target) {
        return median(target.way).perSecond() / median(target.against).perSecond();
    }

    @Override
    public String json() {
        String ratios = TARGETS.stream()
                .map(target -> String.format(
                        Locale.ROOT,
                        "    {\"way\": \"%s\", \"against\": \"%s\", \"rate\": %.3f, \"target\": %.1f}",
                        target.way.name(),
                        target.against.name(),
                        rate(target),
                        target.least))
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
                machine.json(date, revision, "resources", resources, rounds),
                inOrder().stream().map(IngestMeasurement::json).collect(Collectors.joining(",\n")),
                ratios);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
