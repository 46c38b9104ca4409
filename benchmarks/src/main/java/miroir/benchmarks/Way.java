package miroir.benchmarks;

/** The ways to answer the same requests that are compared. */
enum Way {
    /** Miroir: HAPI routes, stored bytes go out. */
    RAW("raw", "Miroir's raw path"),
    /** The same server, where each answer becomes a HAPI model that HAPI encodes. */
    ORDINARY("ordinary", "HAPI's ordinary path in the same server"),
    /** Nothing but Jetty, the driver and our renderer: what the raw path could reach if routing cost nothing. */
    BARE("bare", "bare servlet with driver and renderer");

    private final String code;
    private final String title;

    Way(String code, String title) {
        this.code = code;
        this.title = title;
    }

    String code() {
        return code;
    }

    String title() {
        return title;
    }

    static Way of(String code) {
        for (Way way : values()) {
            if (way.code.equals(code)) {
                return way;
            }
        }
        throw new IllegalArgumentException("there is no way '" + code + "'; allowed are raw, ordinary, bare");
    }
}
