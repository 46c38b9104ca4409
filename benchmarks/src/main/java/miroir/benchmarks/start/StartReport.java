package miroir.benchmarks.start;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import miroir.benchmarks.Machine;
import miroir.benchmarks.MeasuredReport;
import miroir.benchmarks.Median;

/**
 * How soon the server was ready, and what memory it had.
 *
 * @param resources that were there
 * @param cached starts with the cache of loaded classes
 * @param plain starts without
 */
record StartReport(String date, String revision, long resources, Machine machine, List<Start> cached, List<Start> plain)
        implements MeasuredReport {
    private static final long CACHED_TARGET = 3_000;
    private static final long PLAIN_TARGET = 6_000;
    private static final long MEMORY_TARGET = 300;

    @Override
    public String markdown() {
        return line(
                """
                # Starts of the server of the image

                Written by `./miroir bench --start` on %s at revision %s; [how to read it](README.md).
                %d resources are there; %d starts of each kind in turns, medians (least to most); %d cores shared with MongoDB %s, load before the starts %.1f; 1 GB of heap, as shipped.

                | | with the cache of loaded classes, as in the image | without it |
                |---|--:|--:|
                | ready after, ms | **%s** | %s |
                | wanted | below %d: %s | below %d: %s |
                | memory of the process when it is ready, MB | %s | %s |
                | after 600 searches with pages of 50 and 100, MB | **%s** | %s |

                Wanted are %d MB of memory at most, after searches as well: %s.""",
                date,
                revision,
                resources,
                cached.size(),
                machine.cores(),
                machine.database(),
                machine.loadBefore(),
                told(cached, Start::millis),
                told(plain, Start::millis),
                CACHED_TARGET,
                verdict((long) Median.of(cached, Start::millis), CACHED_TARGET),
                PLAIN_TARGET,
                verdict((long) Median.of(plain, Start::millis), PLAIN_TARGET),
                told(cached, Start::residentMegabytes),
                told(plain, Start::residentMegabytes),
                told(cached, Start::afterSearches),
                told(plain, Start::afterSearches),
                MEMORY_TARGET,
                verdict((long) Median.of(cached, Start::afterSearches), MEMORY_TARGET));
    }

    private static String verdict(long figure, long target) {
        return figure < target ? "reached" : "missed";
    }

    private static String told(List<Start> starts, ToLongFunction<Start> figure) {
        return "%d (%d to %d)"
                .formatted(
                        (long) Median.of(starts, figure::applyAsLong),
                        starts.stream().mapToLong(figure).min().orElseThrow(),
                        starts.stream().mapToLong(figure).max().orElseThrow());
    }

    @Override
    public String json() {
        return line(
                """
                {
                %s
                  "cached": [%s],
                  "plain": [%s]
                }""",
                machine.json(date, revision, "resources", Math.toIntExact(resources), cached.size()),
                json(cached),
                json(plain));
    }

    private static String json(List<Start> starts) {
        return starts.stream()
                .map(start -> "{\"millis\": %d, \"residentMB\": %d, \"afterSearchesMB\": %d}"
                        .formatted(start.millis(), start.residentMegabytes(), start.afterSearches()))
                .collect(Collectors.joining(", "));
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
