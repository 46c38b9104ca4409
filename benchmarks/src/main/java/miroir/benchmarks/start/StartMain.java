package miroir.benchmarks.start;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Measures how soon the server of the image is ready, and writes the result to {@code docs/performance}. It is what {@code ./miroir bench --start} runs. */
public final class StartMain {
    private StartMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        String uri = environment.get("MONGODB_URI");
        String image = environment.get("MIROIR_IMAGE_FOLDER");
        if (uri == null || image == null || !List.of(arguments).equals(List.of("--start"))) {
            System.err.println("bench: run it as ./miroir bench --start");
            System.exit(2);
            return;
        }
        StartReport report = new StartBenchmark(
                        uri,
                        environment.getOrDefault("MIROIR_DATABASE", "bench"),
                        Path.of(image),
                        environment.getOrDefault("MIROIR_REVISION", "unknown"),
                        System.out::println)
                .run();
        String name = report.date().substring(0, "2026-11".length()) + "-start";
        report.write(Path.of("docs", "performance"), name);
        System.out.println("\n" + report.markdown() + "\nwritten to docs/performance/" + name + ".md and .json");
    }
}
