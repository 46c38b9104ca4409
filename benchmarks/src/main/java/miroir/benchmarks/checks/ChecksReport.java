package miroir.benchmarks.checks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import miroir.benchmarks.Machine;
import miroir.benchmarks.MeasuredReport;

/**
 * What checks cost a read.
 *
 * @param reads in each turn
 */
record ChecksReport(String date, String revision, int reads, int rounds, Machine machine, List<Checked> checked)
        implements MeasuredReport {

    @Override
    public String markdown() {
        StringBuilder text = new StringBuilder("# What the checks of rights cost a read\n\n");
        text.append(line(
                "Written by `./miroir bench --checks` on %s at revision %s; [how to read it](README.md).",
                date, revision));
        text.append(line(
                "%d reads in each turn, one after the other over one connection, %d rounds; %d cores shared by client, server and"
                        + " MongoDB %s, Java %s, load before the run %.1f.",
                reads, rounds, machine.cores(), machine.database(), machine.java(), machine.loadBefore()));
        text.append(
                "\n| who reads | CPU of server and database, µs | times that of nobody, median of pairs | smallest, largest"
                        + " | upper bound of the median | below 1.10 |\n|---|--:|--:|--:|--:|---|\n");
        checked.forEach(each -> text.append(row(each)));
        return text.toString();
    }

    private static String row(Checked each) {
        if (each.asker() == Asker.NOBODY) {
            return line(
                    "| %s | %.1f | | | | |", each.asker().title(), each.pairs().medianMicros());
        }
        List<Double> ratios = each.pairs().ratios();
        return line(
                "| %s | %.1f | **%.3f** | %.3f, %.3f | %.3f | %s |",
                each.asker().title(),
                each.pairs().medianMicros(),
                each.pairs().median(),
                ratios.get(0),
                ratios.get(ratios.size() - 1),
                each.pairs().upperBound(),
                each.isReached() ? "reached" : "missed");
    }

    @Override
    public String json() {
        return line(
                """
                {
                %s
                  "checks": [
                %s
                  ]
                }""",
                machine.json(date, revision, "reads", reads, rounds),
                checked.stream().map(ChecksReport::json).collect(Collectors.joining(",\n")));
    }

    private static String json(Checked each) {
        return String.format(
                Locale.ROOT,
                "    {\"who\": \"%s\", \"micros\": %.2f, \"ratio\": %.4f, \"upperBound\": %.4f, \"ratios\": [%s]}",
                each.asker().name(),
                each.pairs().medianMicros(),
                each.pairs().median(),
                each.pairs().upperBound(),
                each.pairs().ratios().stream()
                        .map(ratio -> String.format(Locale.ROOT, "%.4f", ratio))
                        .collect(Collectors.joining(", ")));
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
