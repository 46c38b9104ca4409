package miroir.benchmarks;

/** What is written again and again. */
enum WriteKind {
    /** A new version of what is there: four steps of the protocol. */
    UPDATE("update"),
    /** A first version under an id that the client chose: one insert. */
    CREATE("create");

    private final String title;

    WriteKind(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
