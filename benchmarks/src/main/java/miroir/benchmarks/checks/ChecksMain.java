package miroir.benchmarks.checks;

import miroir.benchmarks.ReportMain;

/** Measures what the checks of rights cost a read, and writes the result to {@code docs/performance}. It is what {@code ./miroir bench --checks} runs. */
public final class ChecksMain {
    private ChecksMain() {}

    public static void main(String[] arguments) throws Exception {
        ReportMain.run(
                "checks",
                arguments,
                (uri, database, revision, progress) -> new ChecksBenchmark(uri, database, revision, progress).run());
    }
}
