package miroir.server.fhir;

import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
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
 * The matches of several legs, one leg after the other, each in order of position. A leg is asked when those before it are
 * done, for as many as are still wanted, so that a page reads little more than a page, wherever it begins.
 */
final class LegMatches implements Iterator<ResourceVersion.Live> {
    /** From how many places in the database a page is read at most at once. */
    static final int LAST_AND_NEXT_TYPE = 2;

    private final ResourceStore store;
    private final Caller caller;
    private final @Nullable Instant asOf;
    private final Deadline deadline;
    private final Iterator<Leg> legs;
    private Leg leg;
    private Iterator<ResourceVersion.Live> matches = Collections.emptyIterator();
    private boolean more = true;
    private @Nullable PagePosition after;
    private int wanted;

    /**
     * Those behind a position of the first leg.
     *
     * @param legs at least one
     * @param after the position; null: all
     * @param wanted at most so many will be asked for
     * @param asOf the settled instant whose state is read; null: the newest
     */
    LegMatches(
            ResourceStore store,
            Caller caller,
            List<Leg> legs,
            @Nullable PagePosition after,
            int wanted,
            @Nullable Instant asOf,
            Deadline deadline) {
        this.store = store;
        this.caller = caller;
        this.asOf = asOf;
        this.deadline = deadline;
        this.legs = legs.iterator();
        this.leg = this.legs.next();
        this.after = after;
        this.wanted = wanted;
    }

    @Override
    public boolean hasNext() {
        while (!matches.hasNext() && wanted > 0 && (more || legs.hasNext())) {
            if (!more) {
                leg = legs.next();
                after = null;
            }
            Page page = store.select(
                    caller, new PageQuery(leg.type(), leg.where(), Order.BY_POSITION, after, wanted, asOf, deadline));
            matches = page.resources().iterator();
            more = page.more();
        }
        return matches.hasNext();
    }

    @Override
    public ResourceVersion.Live next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        ResourceVersion.Live next = matches.next();
        after = place(next);
        wanted--;
        return next;
    }

    /** Where a match stands. */
    static PagePosition place(ResourceVersion.Live match) {
        return new PagePosition(List.of(), match.position());
    }
}
