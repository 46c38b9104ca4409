package miroir.index.store;

import miroir.index.search.Condition;

/**
 * How many resources match a condition.
 *
 * @param atMost where counting may stop; {@link Long#MAX_VALUE} for the exact number within the deadline
 */
public record TotalQuery(String type, Condition where, long atMost, Deadline deadline) {}
