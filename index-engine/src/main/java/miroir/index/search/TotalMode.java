package miroir.index.search;

/** How much a client cares for the number of matches: {@code _total}. */
public enum TotalMode {
    /** Nothing was said: the total is given where it is cheap. */
    UNASKED,
    NONE,
    ESTIMATE,
    ACCURATE
}
