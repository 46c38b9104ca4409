package miroir.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Compares writes over HTTP with the same protocol on the bare driver. It is what {@code ./miroir bench --writes} runs. */
public final class WritesMain {
    private WritesMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        String uri = environment.get("MONGODB_URI");
        if (uri == null || !List.of(arguments).equals(List.of("--writes"))) {
            System.err.println("bench: run it as ./miroir bench --writes");
            System.exit(2);
            return;
        }
        WriteReport report = new WriteBenchmark(
                        uri,
                        environment.getOrDefault("MIROIR_DATABASE", "bench"),
                        environment.getOrDefault("MIROIR_REVISION", "unknown"),
                        System.out::println)
                .run();
        String name = report.date().substring(0, "2026-11".length()) + "-writes";
        report.write(Path.of("docs", "performance"), name);
        System.out.println("\n" + report.markdown() + "\nwritten to docs/performance/" + name + ".md and .json");
    }
}
