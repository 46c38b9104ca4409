package miroir.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the programs have in common of which each is one option of {@code ./miroir bench}, and writes one report to {@code docs/performance}. */
public final class ReportMain {
    private static final int MONTH = "2026-11".length();

    private ReportMain() {}

    /** What is measured. */
    public interface Benchmark {
        MeasuredReport run(String uri, String database, String revision, Consumer<String> progress) throws Exception;
    }

    /**
     * Measures, and keeps the report of this month.
     *
     * @param name of the option, and at the end of those of the files
     */
    public static void run(String name, String[] arguments, Benchmark benchmark) throws Exception {
        Map<String, String> environment = System.getenv();
        String uri = environment.get("MONGODB_URI");
        if (uri == null || !List.of(arguments).equals(List.of("--" + name))) {
            refuse(name);
            return;
        }
        MeasuredReport report = benchmark.run(
                uri,
                environment.getOrDefault("MIROIR_DATABASE", "bench"),
                environment.getOrDefault("MIROIR_REVISION", "unknown"),
                System.out::println);
        String file = report.date().substring(0, MONTH) + "-" + name;
        report.write(Path.of("docs", "performance"), file);
        System.out.println("\n" + report.markdown() + "\nwritten to docs/performance/" + file + ".md and .json");
    }

    /** Ends the program, which the script calls with what it needs. */
    public static void refuse(String name) {
        System.err.println("bench: run it as ./miroir bench --" + name);
        System.exit(2);
    }
}
