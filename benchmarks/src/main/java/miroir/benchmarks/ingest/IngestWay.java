package miroir.benchmarks.ingest;

/** How the same resources get into an empty database, or find that they are there. */
enum IngestWay {
    /** The documents that the store makes of them, by {@code bulkWrite}. */
    BARE("`bulkWrite` on the driver, documents ready"),
    /** From the bytes of the pages: parsed, compared, hashed, search fields, limit; each id marked as seen. */
    TAKEN_IN("taken in, parsing included"),
    /** The same pages a second time. */
    TAKEN_IN_AGAIN("taken in again, nothing changed"),
    /** A run of the daemon, from the simulator over HTTP. */
    COPIED("the whole way over HTTP"),
    /** A second full run. */
    COPIED_AGAIN("the whole way again, nothing changed"),
    /** The same resources in batch bundles, which a server in this process is sent. */
    BATCHES("batch bundles of 200 over HTTP");

    private final String title;

    IngestWay(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
