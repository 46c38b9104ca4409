package miroir.benchmarks;

/** Compares writes over HTTP with the same protocol on the bare driver. It is what {@code ./miroir bench --writes} runs. */
public final class WritesMain {
    private WritesMain() {}

    public static void main(String[] arguments) throws Exception {
        ReportMain.run(
                "writes",
                arguments,
                (uri, database, revision, progress) -> new WriteBenchmark(uri, database, revision, progress).run());
    }
}
