package miroir.server.fhir;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
import miroir.index.store.ResourceVersion;
import org.jspecify.annotations.Nullable;

/**
 * The matches of several legs in one order, merged. Every leg is asked for its share of the page, by its own index, and again where it has more than its
 * share of what comes first: a page costs a look-up for each leg, and no more than that of them is in memory beside the page.
 */
final class SortedLegs implements Iterator<ResourceVersion.Live> {
    private final LegQuery query;
    private final int share;
    private final PriorityQueue<Head> heads;

    /** Whose match was taken last. */
    private @Nullable Head taken;

    /** One leg, which stands before its next match. */
    private final class Head {
        private final Leg leg;
        private Iterator<ResourceVersion.Live> some = Collections.emptyIterator();
        private boolean more = true;
        private @Nullable PagePosition after;
        private ResourceVersion.@Nullable Live next;

        Head(Leg leg) {
            this.leg = leg;
            this.after = query.after() == null ? null : query.places().inLeg(leg.type(), query.after());
        }

        ResourceVersion.Live next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            return next;
        }

        boolean advance() {
            if (!some.hasNext() && more) {
                Page page = query.some(leg, after, share);
                some = page.resources().iterator();
                more = page.more();
            }
            next = some.hasNext() ? some.next() : null;
            if (next != null) {
                after = query.places().inLeg(next);
            }
            return next != null;
        }
    }

    SortedLegs(LegQuery query) {
        this.query = query;
        this.share = query.share();
        LegPlaces places = query.places();
        this.heads = new PriorityQueue<>((one, other) -> places.compare(one.next(), other.next()));
        query.legs().forEach(leg -> comeNext(new Head(leg)));
    }

    private void comeNext(Head head) {
        if (head.advance()) {
            heads.add(head);
        }
    }

    @Override
    public boolean hasNext() {
        if (taken != null) {
            comeNext(taken);
            taken = null;
        }
        return !heads.isEmpty();
    }

    @Override
    public ResourceVersion.Live next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Head first = heads.remove();
        taken = first;
        return first.next();
    }
}
