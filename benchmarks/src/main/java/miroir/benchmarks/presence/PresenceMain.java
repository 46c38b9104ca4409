package miroir.benchmarks.presence;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Measures what the presence of the console costs a read, and writes the result to {@code docs/performance}. It is what {@code ./miroir bench --console} runs. */
public final class PresenceMain {
    private PresenceMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        String uri = environment.get("MONGODB_URI");
        if (uri == null || !List.of(arguments).equals(List.of("--console"))) {
            System.err.println("bench: run it as ./miroir bench --console");
            System.exit(2);
            return;
        }
        PresenceReport report = new PresenceBenchmark(
                        uri,
                        environment.getOrDefault("MIROIR_DATABASE", "bench"),
                        environment.getOrDefault("MIROIR_REVISION", "unknown"),
                        System.out::println)
                .run();
        String name = report.date().substring(0, "2026-11".length()) + "-console";
        report.write(Path.of("docs", "performance"), name);
        System.out.println("\n" + report.markdown() + "\nwritten to docs/performance/" + name + ".md and .json");
    }
}
