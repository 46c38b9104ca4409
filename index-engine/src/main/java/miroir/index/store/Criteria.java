package miroir.index.store;

import miroir.index.search.Condition;

/** Which resources a conditional write is about. */
public record Criteria(String type, Condition where, Deadline deadline) {}
