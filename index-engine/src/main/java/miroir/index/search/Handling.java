package miroir.index.search;

/** What the client wants done with parameters that are not understood: {@code Prefer: handling=…}. */
public enum Handling {
    /** Refuse the search. */
    STRICT,
    /** Search without them, and say so. */
    LENIENT
}
