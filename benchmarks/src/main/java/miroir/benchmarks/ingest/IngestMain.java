package miroir.benchmarks.ingest;

import miroir.benchmarks.ReportMain;

/**
 * Compares taking in a simulated directory with inserting the same documents by the bare driver, and writes the result to
 * {@code docs/performance}. It is what {@code ./miroir bench --ingest} runs.
 */
public final class IngestMain {
    private IngestMain() {}

    public static void main(String[] arguments) throws Exception {
        ReportMain.run(
                "ingest",
                arguments,
                (uri, database, revision, progress) -> new IngestBenchmark(uri, database, revision, progress).run());
    }
}
