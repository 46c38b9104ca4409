package miroir.benchmarks.presence;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import miroir.benchmarks.Machine;
import miroir.benchmarks.MeasuredReport;
import miroir.benchmarks.Median;
import miroir.benchmarks.Pairs;

/**
 * What the console costs those who read.
 *
 * @param reads in each turn
 * @param bytes that the browsers were sent in all turns together
 */
record PresenceReport(
        String date, String revision, int watchers, int reads, int rounds, long bytes, Machine machine, Pairs pairs)
        implements MeasuredReport {
    /** By how much reads may be dearer. */
    private static final double TARGET = 1.10;

    @Override
    public String markdown() {
        List<Double> ratios = pairs.ratios();
        return line(
                """
                # What the presence of the console costs a read

                Written by `./miroir bench --console` on %s at revision %s; [how to read it](README.md).
                %d reads in each turn, one after the other over one connection, %d rounds; %d cores shared by client, server and MongoDB %s, Java %s, load before the run %.1f.

                | | CPU of server and database for a read, µs |
                |---|--:|
                | nobody looks at the console | %.1f |
                | %d browsers look at pages of the console, a third of them at synchronisations of which one goes on (%d kB sent to them) | %.1f |

                Median of pairs **%.3f** (%.3f to %.3f); upper bound of the median %.3f, below %.2f wanted: %s.""",
                date,
                revision,
                reads,
                rounds,
                machine.cores(),
                machine.database(),
                machine.java(),
                machine.loadBefore(),
                Median.of(pairs.plain(), Double::doubleValue),
                watchers,
                bytes / 1024,
                pairs.medianMicros(),
                pairs.median(),
                ratios.get(0),
                ratios.get(ratios.size() - 1),
                pairs.upperBound(),
                TARGET,
                isReached() ? "reached" : "missed");
    }

    private boolean isReached() {
        return pairs.upperBound() < TARGET;
    }

    @Override
    public String json() {
        return line(
                """
                {
                %s
                  "watchers": %d, "bytes": %d, "ratio": %.4f, "upperBound": %.4f, "reached": %b,
                  "ratios": [%s]
                }""",
                machine.json(date, revision, "reads", reads, rounds),
                watchers,
                bytes,
                pairs.median(),
                pairs.upperBound(),
                isReached(),
                pairs.ratios().stream()
                        .map(ratio -> String.format(Locale.ROOT, "%.4f", ratio))
                        .collect(Collectors.joining(", ")));
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
