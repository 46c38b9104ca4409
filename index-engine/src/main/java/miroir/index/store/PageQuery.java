package miroir.index.store;

import java.time.Instant;
import java.util.List;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import org.jspecify.annotations.Nullable;

/**
 * One page of a search.
 *
 * @param after what stands there in this order comes before the page; null for the first page
 * @param limit at most so many resources; fewer where they are large, see {@link Page#MOST_BYTES}
 * @param asOf the settled instant whose state is searched; null: the newest
 */
public record PageQuery(
        String type,
        Condition where,
        Order order,
        @Nullable PagePosition after,
        int limit,
        @Nullable Instant asOf,
        Deadline deadline) {

    /** A page of the newest state, in the order of creation, after this position; 0: the first. */
    public PageQuery(String type, Condition where, long after, int limit, Deadline deadline) {
        this(
                type,
                where,
                Order.BY_POSITION,
                after == 0 ? null : new PagePosition(List.of(), after),
                limit,
                null,
                deadline);
    }
}
