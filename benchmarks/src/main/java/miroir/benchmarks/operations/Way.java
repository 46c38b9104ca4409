package miroir.benchmarks.operations;

/** The ways to answer the same requests that are compared. */
enum Way {
    /** Miroir as it is shipped. */
    SERVED("served"),
    /** The same server, where each answer becomes a HAPI model that HAPI encodes. */
    ORDINARY("ordinary"),
    /** Nothing but Jetty, the driver and our renderer: what could be reached if all else cost nothing. */
    BARE("bare"),
    /** Somebody else's server. */
    OTHER("other");

    private final String code;

    Way(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
