package miroir.benchmarks.questions;

import miroir.benchmarks.ReportMain;

/**
 * Asks questions over references of the server and of the bare driver, and writes the result to {@code docs/performance}. It is
 * what {@code ./miroir bench --questions} runs.
 */
public final class QuestionsMain {
    private QuestionsMain() {}

    public static void main(String[] arguments) throws Exception {
        ReportMain.run(
                "questions",
                arguments,
                (uri, database, revision, progress) -> new QuestionsBenchmark(uri, database, revision, progress).run());
    }
}
