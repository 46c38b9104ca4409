package miroir.benchmarks.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Compares taking in a simulated directory with inserting the same documents by the bare driver, and writes the result to
 * {@code docs/performance}. It is what {@code ./miroir bench --ingest} runs.
 */
public final class IngestMain {
    private IngestMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        String uri = environment.get("MONGODB_URI");
        if (uri == null || !List.of(arguments).equals(List.of("--ingest"))) {
            System.err.println("bench: run it as ./miroir bench --ingest");
            System.exit(2);
            return;
        }
        IngestReport report = new IngestBenchmark(
                        uri,
                        environment.getOrDefault("MIROIR_DATABASE", "bench"),
                        environment.getOrDefault("MIROIR_REVISION", "unknown"),
                        System.out::println)
                .run();
        String name = report.date().substring(0, "2026-11".length()) + "-ingest";
        report.write(Path.of("docs", "performance"), name);
        System.out.println("\n" + report.markdown() + "\nwritten to docs/performance/" + name + ".md and .json");
    }
}
