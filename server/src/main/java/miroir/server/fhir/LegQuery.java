package miroir.server.fhir;

import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import miroir.index.search.Order;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import org.jspecify.annotations.Nullable;

/**
 * One page of several types.
 *
 * @param legs at least one, as they come where nothing is sorted
 * @param order no keys: type after type
 * @param after the place behind which the page begins, as {@link LegPlaces} has it; null: at the beginning
 * @param limit at most so many resources
 * @param asOf the settled instant whose state is read; null: the newest
 */
record LegQuery(
        ResourceStore store,
        Caller caller,
        List<Leg> legs,
        Order order,
        @Nullable PagePosition after,
        int limit,
        @Nullable Instant asOf,
        Deadline deadline) {
    /** From how many places in the database a page is read at most at once. */
    static final int LAST_AND_NEXT_TYPE = 2;

    /** How many of a type are read at once where types are sorted together. */
    int share() {
        return 1 + limit / legs.size();
    }

    /** How many resources are in memory at once, batch by batch, with so many that belong to them: sorted, of each type those that may come next as well. */
    IntStream batches(int more) {
        return order.keys().isEmpty()
                ? IntStream.generate(() -> limit + 1 + more).limit(LAST_AND_NEXT_TYPE)
                : IntStream.concat(
                        IntStream.of(limit + 1, more),
                        IntStream.generate(this::share).limit(legs.size()));
    }

    LegPlaces places() {
        return new LegPlaces(order);
    }

    /** The page, in the order in which it was read. */
    Page page() {
        Iterator<ResourceVersion.Live> matches = order.keys().isEmpty() ? new LegMatches(this) : new SortedLegs(this);
        Page page = Page.filledFrom(matches, limit);
        List<ResourceVersion.Live> shown = page.resources();
        return shown.isEmpty()
                ? page
                : new Page(
                        shown,
                        page.more(),
                        List.of(places().of(shown.get(0)), places().of(shown.get(shown.size() - 1))));
    }

    /** So many of one type. */
    Page some(Leg leg, @Nullable PagePosition inLeg, int wanted) {
        return store.select(caller, new PageQuery(leg.type(), leg.where(), order, inLeg, wanted, asOf, deadline));
    }
}
