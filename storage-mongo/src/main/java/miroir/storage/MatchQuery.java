package miroir.storage;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.store.Deadline;
import miroir.index.store.PagePosition;
import miroir.index.store.PageQuery;
import miroir.index.store.Scope;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Which documents of a type are wanted, and in which order.
 *
 * @param after where in the order they begin; null: at its beginning
 * @param limit how many are wanted at most; 0: all
 * @param parts what of them, the keys of the order included where a page is made of them
 * @param asOf the settled instant whose state is searched; null: the newest
 * @param seen what the caller may see of each type, as at an instant: the condition says that of what held then, and by now it has to be so as well
 * @param ordered whether they have to come in that order: where it does not matter they may come as an index has them, which spares merging and sorting
 * @param finds told of every find that is made for it; null: nobody is
 */
record MatchQuery(
        String type,
        Condition where,
        Order order,
        @Nullable PagePosition after,
        int limit,
        Bson parts,
        @Nullable Instant asOf,
        Scope seen,
        boolean ordered,
        @Nullable Consumer<FindInOrder.Find> finds,
        Deadline deadline) {

    /** As a page is asked for, of which so many are wanted at most; its parts are these and what tells the place of each. */
    static MatchQuery of(PageQuery query, Condition where, int limit, Bson shown, Scope seen) {
        return new MatchQuery(
                query.type(),
                where,
                query.order(),
                query.after(),
                limit,
                new OrderedPlaces(query.order()).parts(shown),
                query.asOf(),
                seen,
                true,
                null,
                query.deadline());
    }

    /** From the first that was created, or after this position. */
    static MatchQuery byPosition(
            String type,
            Condition where,
            long after,
            int limit,
            Bson parts,
            @Nullable Instant asOf,
            Scope seen,
            Deadline deadline) {
        PagePosition position = after == 0 ? null : new PagePosition(List.of(), after);
        return new MatchQuery(type, where, Order.BY_POSITION, position, limit, parts, asOf, seen, true, null, deadline);
    }

    MatchQuery where(Condition other) {
        return new MatchQuery(type, other, order, after, limit, parts, asOf, seen, ordered, finds, deadline);
    }

    /** In any order. */
    MatchQuery unordered() {
        return new MatchQuery(type, where, order, after, limit, parts, asOf, seen, false, finds, deadline);
    }

    /** So many of the next in order, and these parts of them. */
    MatchQuery next(@Nullable PagePosition position, int size, Bson others) {
        return new MatchQuery(type, where, order, position, size, others, asOf, seen, true, finds, deadline);
    }

    /** The same, and somebody is told how it is done. */
    MatchQuery telling(@Nullable Consumer<FindInOrder.Find> listener) {
        return new MatchQuery(type, where, order, after, limit, parts, asOf, seen, ordered, listener, deadline);
    }
}
