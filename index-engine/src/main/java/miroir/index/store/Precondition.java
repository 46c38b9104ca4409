package miroir.index.store;

import java.util.Set;
import java.util.stream.Collectors;

/** What must be true of the current state for a write to happen. */
public sealed interface Precondition {

    /** Nothing: the write is retried over whatever is there. */
    static Precondition none() {
        return new None();
    }

    /** The current version has this number. */
    static Precondition versionIs(long version) {
        return versionIsAmong(Set.of(version));
    }

    /** The current version has one of these numbers. */
    static Precondition versionIsAmong(Set<Long> versions) {
        return new VersionIs(versions);
    }

    /** There is a live resource. */
    static Precondition present() {
        return new Present();
    }

    /** There is no live resource. */
    static Precondition absent() {
        return new Absent();
    }

    /** No condition. */
    record None() implements Precondition {}

    /** If-Match with ETags. */
    record VersionIs(Set<Long> versions) implements Precondition {
        public VersionIs {
            versions = Set.copyOf(versions);
        }

        /** The numbers in order, for people. */
        @Override
        public String toString() {
            return versions.isEmpty()
                    ? "one that If-Match names"
                    : versions.stream().sorted().map(String::valueOf).collect(Collectors.joining(" or "));
        }
    }

    /** If-Match: *. */
    record Present() implements Precondition {}

    /** If-None-Match: *. */
    record Absent() implements Precondition {}
}
