package miroir.index.store;

/** What must be true of the current state for a write to happen. */
public sealed interface Precondition {

    /** Nothing: the write is retried over whatever is there. */
    static Precondition none() {
        return new None();
    }

    /** The current version has this number. */
    static Precondition versionIs(long version) {
        return new VersionIs(version);
    }

    /** There is no live resource. */
    static Precondition absent() {
        return new Absent();
    }

    /** No condition. */
    record None() implements Precondition {}

    /** If-Match. */
    record VersionIs(long version) implements Precondition {}

    /** If-None-Match: *. */
    record Absent() implements Precondition {}
}
