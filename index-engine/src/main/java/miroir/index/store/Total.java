package miroir.index.store;

/**
 * How many resources match.
 *
 * @param exact false: at least so many, counting stopped there
 */
public record Total(long matches, boolean exact) {}
