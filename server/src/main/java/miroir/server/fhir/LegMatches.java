package miroir.server.fhir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
import miroir.index.store.ResourceVersion;
import org.jspecify.annotations.Nullable;

/**
 * The matches of several legs, one leg after the other, each in order of position; or all of that from its end. A leg is asked when those before it
 * are done, for as many as are still wanted, so that a page reads little more than a page, wherever it begins.
 */
final class LegMatches implements Iterator<ResourceVersion.Live> {
    private final LegQuery query;
    private final Iterator<Leg> legs;
    private Leg leg;
    private Iterator<ResourceVersion.Live> matches = Collections.emptyIterator();
    private boolean more = true;
    private @Nullable PagePosition after;
    private int wanted;

    LegMatches(LegQuery query) {
        this.query = query;
        this.legs = left(query).iterator();
        this.leg = this.legs.next();
        this.after = query.after() == null ? null : query.places().inLeg(leg.type(), query.after());
        this.wanted = query.limit() + 1;
    }

    /** From that of the place on. */
    private static List<Leg> left(LegQuery query) {
        List<Leg> legs = new ArrayList<>(query.legs());
        if (query.order().backward()) {
            Collections.reverse(legs);
        }
        PagePosition after = query.after();
        return after == null
                ? legs
                : legs.stream()
                        .dropWhile(leg -> !leg.type().equals(LegPlaces.type(after)))
                        .toList();
    }

    @Override
    public boolean hasNext() {
        while (!matches.hasNext() && wanted > 0 && (more || legs.hasNext())) {
            if (!more) {
                leg = legs.next();
                after = null;
            }
            Page page = query.some(leg, after, wanted);
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
        after = query.places().inLeg(next);
        wanted--;
        return next;
    }
}
