package miroir.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** The hot core alone, by JMH, with what it allocates. It is what {@code ./miroir bench --core} runs. */
public final class CoreMain {
    private static final Path FOLDER = Path.of("docs", "performance");

    private CoreMain() {}

    public static void main(String[] arguments) throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(JsonBenchmark.class.getName())
                        .include(TokenBenchmark.class.getName())
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
        String date = LocalDate.now(ZoneOffset.UTC).toString();
        StringBuilder text = new StringBuilder("# The hot core alone\n\n");
        text.append(String.format(
                Locale.ROOT,
                "Written by `./miroir bench --core` on %s at revision %s, Java %s, one thread. A practitioner of 3.5 kB; a link with two parameters.%n%n",
                date,
                System.getenv().getOrDefault("MIROIR_REVISION", "unknown"),
                Runtime.version()));
        text.append("| | µs | ± | bytes allocated |\n|---|--:|--:|--:|\n");
        results.forEach(result -> text.append(row(result)));
        String name = date.substring(0, "2026-11".length()) + "-core.md";
        Files.writeString(FOLDER.resolve(name), text.toString());
        System.out.println("\n" + text + "\nwritten to docs/performance/" + name);
    }

    @SuppressWarnings("rawtypes") // JMH's type of a result is its own parameter.
    private static String row(RunResult result) {
        double bytes = result.getSecondaryResults().entrySet().stream()
                .filter(each -> each.getKey().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(each -> each.getValue().getScore())
                .findFirst()
                .orElse(Double.NaN);
        String name = result.getParams().getBenchmark();
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.0f |%n",
                name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                result.getPrimaryResult().getScore(),
                result.getPrimaryResult().getScoreError(),
                bytes);
    }
}
