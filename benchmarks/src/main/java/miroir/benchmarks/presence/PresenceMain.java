package miroir.benchmarks.presence;

import miroir.benchmarks.ReportMain;

/** Measures what the presence of the console costs a read, and writes the result to {@code docs/performance}. It is what {@code ./miroir bench --console} runs. */
public final class PresenceMain {
    private PresenceMain() {}

    public static void main(String[] arguments) throws Exception {
        ReportMain.run(
                "console",
                arguments,
                (uri, database, revision, progress) -> new PresenceBenchmark(uri, database, revision, progress).run());
    }
}
