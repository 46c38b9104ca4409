package miroir.index.search;

/** How much a client cares for the number of matches: {@code _total}. */
public enum TotalMode {
    /** Nothing was said: the total is given where the first page holds everything. */
    UNASKED,
    NONE,
    ESTIMATE,
    ACCURATE
}
