package miroir.index.store;

/**
 * How many resources match.
 *
 * @param exact false: it was counted so far only, or the number is estimated, as was asked
 */
public record Total(long matches, boolean exact) {}
