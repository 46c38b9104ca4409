package miroir.index.store;

import java.time.Instant;
import miroir.index.search.Condition;
import org.jspecify.annotations.Nullable;

/**
 * How many resources match a condition.
 *
 * @param atMost where counting may stop; {@link Long#MAX_VALUE} for the exact number within the deadline
 * @param asOf the settled instant whose state is counted; null: the newest
 */
public record TotalQuery(
        String type, Condition where, long atMost, @Nullable Instant asOf, Deadline deadline) {

    /** How many there are in the newest state. */
    public TotalQuery(String type, Condition where, long atMost, Deadline deadline) {
        this(type, where, atMost, null, deadline);
    }
}
