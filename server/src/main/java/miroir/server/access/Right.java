package miroir.server.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be allowed, of a type. */
public enum Right {
    /** The current version of a resource, by its id. */
    READ,
    /** Searches, counts, what they include and what their chains lead over. */
    SEARCH,
    /** Earlier versions, and histories. */
    HISTORY,
    /** New resources. */
    CREATE,
    /** New versions of a resource: updates, patches, changes of labels. */
    UPDATE,
    /** Deletions. */
    DELETE,
    /** The removal of a resource with its history. */
    ERASE,
    /** How a search is found and what it costs. */
    EXPLAIN;

    /** The one of that name, in whatever letters. */
    static Optional<Right> named(String name) {
        return Arrays.stream(values())
                .filter(right -> right.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    static String allNames() {
        return Arrays.stream(values()).map(Right::name).collect(Collectors.joining(", "));
    }

    /** Whether it changes something. */
    boolean writes() {
        return this == CREATE || this == UPDATE || this == DELETE || this == ERASE;
    }
}
