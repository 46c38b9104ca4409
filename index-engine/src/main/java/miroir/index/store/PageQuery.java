package miroir.index.store;

import miroir.index.search.Condition;

/**
 * One page of a search, in order of position.
 *
 * @param after the position of the last resource of the page before; 0 for the first page
 * @param limit at most so many resources; fewer where they are large, see {@link Page#MOST_BYTES}
 */
public record PageQuery(String type, Condition where, long after, int limit, Deadline deadline) {}
