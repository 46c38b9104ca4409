package miroir.index.store;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import org.bson.BsonInt64;
import org.jspecify.annotations.Nullable;

/**
 * Some of the resources of a type as they were at a settled instant, in the order of creation.
 *
 * @param types all of which it depends on what meets the condition
 * @param after the position behind which they stand; 0: the first
 * @param upTo the position beyond which none of them stands
 * @param limit about how many; where many were changed since, there may be twice as many
 */
public record HeldQuery(
        String type,
        Condition where,
        Set<String> types,
        Instant asOf,
        long after,
        long upTo,
        int limit,
        Deadline deadline) {
    /** Where the position stands among the fields that are searched. */
    private static final String POSITION = "n";

    public HeldQuery {
        types = Set.copyOf(types);
    }

    /** The same as a page of a search, as at that instant, or of the newest state where it is null. */
    PageQuery page(@Nullable Instant instant) {
        PagePosition before = after == 0 ? null : new PagePosition(List.of(), after);
        Condition bounded = upTo == Long.MAX_VALUE ? where : between(where, after, upTo);
        return new PageQuery(type, bounded, Order.BY_POSITION, before, limit, instant, deadline);
    }

    /** That something stands between two positions, the second included, as well. */
    public static Condition between(Condition where, long after, long upTo) {
        Condition range = new Condition.Range(
                POSITION,
                List.of(
                        new Condition.Bound(Condition.Comparison.GREATER, new BsonInt64(after)),
                        new Condition.Bound(Condition.Comparison.AT_MOST, new BsonInt64(upTo))));
        return where.isAll() ? range : new Condition.And(List.of(where, range));
    }
}
