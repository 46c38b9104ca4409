package miroir.benchmarks.questions;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Asks questions over references of the server and of the bare driver, and writes the result to {@code docs/performance}. It is
 * what {@code ./miroir bench --questions} runs.
 */
public final class QuestionsMain {
    private QuestionsMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        String uri = environment.get("MONGODB_URI");
        if (uri == null || !List.of(arguments).equals(List.of("--questions"))) {
            System.err.println("bench: run it as ./miroir bench --questions");
            System.exit(2);
            return;
        }
        QuestionsReport report = new QuestionsBenchmark(
                        uri,
                        environment.getOrDefault("MIROIR_DATABASE", "bench"),
                        environment.getOrDefault("MIROIR_REVISION", "unknown"),
                        System.out::println)
                .run();
        String name = report.date().substring(0, "2026-11".length()) + "-questions";
        report.write(Path.of("docs", "performance"), name);
        System.out.println("\n" + report.markdown() + "\nwritten to docs/performance/" + name + ".md and .json");
    }
}
