package miroir.benchmarks.operations;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures each kind of request beside its limit, and writes the result to {@code docs/performance}: {@code --quick} in minutes, {@code --full} with more resources,
 * rounds and requests, {@code --growth} with several sizes. Another server is measured by {@code --url}.
 */
public final class OperationsMain {
    private static final Path FOLDER = Path.of("docs", "performance");

    private OperationsMain() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments);
        Map<String, String> environment = System.getenv();
        String revision = environment.getOrDefault("MIROIR_REVISION", "unknown");
        String url = valueOf("--url", options);
        if (url != null) {
            measureOther(url, options, environment.getOrDefault("MIROIR_TOKEN", ""), revision);
            return;
        }
        String uri = environment.get("MONGODB_URI");
        if (uri == null) {
            System.err.println("bench: MONGODB_URI is not set; run it as ./miroir bench");
            System.exit(2);
            return;
        }
        String database = environment.getOrDefault("MIROIR_DATABASE", "bench");
        if (options.contains("--growth")) {
            GrowthReport report = new Growth(uri, database, revision, System.out::println).run();
            report.write(FOLDER, report.month() + "-growth");
            System.out.println("\n" + report.markdown());
        } else {
            Plan plan = options.contains("--quick") ? Plan.quick() : Plan.full();
            LastRun last = LastRun.read(FOLDER, plan.name());
            keep(new OperationsBenchmark(plan, uri, database, revision, System.out::println).run(last), plan.name());
        }
    }

    /** Reports of other servers are not kept in the project: they are printed. */
    private static void measureOther(String url, List<String> options, String token, String revision) throws Exception {
        OtherOptions asked;
        try {
            asked = OtherOptions.of(url, valueOf("--load", options), valueOf("--pids", options), !token.isEmpty());
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
            return;
        }
        OtherServer other = new OtherServer(
                asked.base(),
                Plan.quick(),
                asked.pids(),
                token.isEmpty() ? null : token,
                revision,
                System.out::println);
        if (asked.load() > 0) {
            other.load(asked.load());
        }
        System.out.println("\n" + other.measure(null).markdown());
    }

    private static void keep(Report report, String plan) throws Exception {
        String name = report.date().substring(0, "2026-11".length()) + "-" + plan;
        report.write(FOLDER, name);
        System.out.println("\n" + report.markdown() + "\nwritten to docs/performance/" + name + ".md and .json");
    }

    private static @Nullable String valueOf(String option, List<String> options) {
        int at = options.indexOf(option);
        return at < 0 || at + 1 == options.size() ? null : options.get(at + 1);
    }
}
