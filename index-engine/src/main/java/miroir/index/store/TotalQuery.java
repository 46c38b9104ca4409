package miroir.index.store;

import java.time.Instant;
import miroir.index.search.Condition;
import org.jspecify.annotations.Nullable;

/**
 * How many resources match a condition.
 *
 * @param atMost where counting may stop; {@link Long#MAX_VALUE} for the exact number within the deadline
 * @param estimated whether the number is estimated where there are more; otherwise it is {@code atMost}
 * @param asOf the settled instant whose state is counted; null: the newest, as for what is estimated
 */
public record TotalQuery(
        String type,
        Condition where,
        long atMost,
        boolean estimated,
        @Nullable Instant asOf,
        Deadline deadline) {

    /** The exact number. */
    public static TotalQuery all(String type, Condition where, @Nullable Instant asOf, Deadline deadline) {
        return new TotalQuery(type, where, Long.MAX_VALUE, false, asOf, deadline);
    }

    /** How many there are in the newest state. */
    public static TotalQuery upTo(long atMost, String type, Condition where, Deadline deadline) {
        return new TotalQuery(type, where, atMost, false, null, deadline);
    }

    /** Counted up to there, and estimated beyond. */
    public TotalQuery estimatedBeyond(long most) {
        return new TotalQuery(type, where, most, true, asOf, deadline);
    }
}
