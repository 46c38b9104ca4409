package miroir.storage;

import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.search.Condition;
import miroir.index.search.Condition.Direction;
import miroir.index.search.Condition.Linked;
import miroir.index.store.PagePosition;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Matches of a condition with links, batch by batch: candidates are what meets everything but the links; the other sides are
 * asked about the references of these only; what is left is found by their positions and all that the condition says.
 *
 * <p>Once a batch has shown how often candidates match, the other sides may be listed after all, if not for more than what is left to
 * be walked. That the walk comes first costs a few milliseconds where few match; the other way round, what most resources match
 * would cost a list that is thrown away.
 */
final class LinkedMatches implements Matches {
    private static final int LARGEST_BATCH = 1_000;
    /** A group may have a hundred thousand members. */
    private static final int MOST_BYTES = 1 << 20;

    /** How matches are looked for. */
    enum Manner {
        /** By walking, and by listing the other sides after that. */
        LISTING,
        /** By walking: what could be listed has been. */
        WALKING,
        /** By walking, and what is wanted of the matches, which is little, is read with the candidates. */
        AT_ONCE
    }

    private final SelectMatches selectMatches;
    private final FindLinked findLinked;
    private final LinkTerms terms;
    private final MatchQuery query;
    private final boolean narrow;
    private final boolean allLinks;
    private final Condition candidates;
    private final Bson parts;
    private final OrderedPlaces places;
    private @Nullable Matches batch;
    private int size;
    private int looked;
    private int walked;
    private int matched;
    private int left;
    private @Nullable PagePosition after;
    private boolean more = true;
    private boolean mayList;

    /**
     * Begins.
     *
     * @param manner what it may do for that
     */
    LinkedMatches(
            SelectMatches selectMatches, FindLinked findLinked, LinkTerms terms, MatchQuery query, Manner manner) {
        this.selectMatches = selectMatches;
        this.findLinked = findLinked;
        this.terms = terms;
        this.query = query;
        this.narrow = manner == Manner.AT_ONCE;
        this.mayList = manner == Manner.LISTING;
        this.allLinks = FindDrivers.parts(query.where()).allMatch(part -> part instanceof Linked || !part.isLinked());
        this.candidates = withoutLinks(query.where());
        this.places = new OrderedPlaces(query.order());
        this.parts = places.parts(Projections.include(new ArrayList<>(fields())));
        this.size = Math.min(LARGEST_BATCH, Math.max(terms.batch(), query.limit()));
        this.left = query.limit() == 0 ? Integer.MAX_VALUE : query.limit();
        this.after = query.after();
    }

    /** What has to be met whatever the other sides are. */
    static Condition withoutLinks(Condition where) {
        if (where instanceof Condition.And and) {
            return new Condition.And(
                    and.parts().stream().map(LinkedMatches::withoutLinks).toList());
        }
        if (where instanceof Condition.Or or) {
            return new Condition.Or(
                    or.parts().stream().map(LinkedMatches::withoutLinks).toList());
        }
        if (where instanceof Linked link) {
            return link.direction() == Direction.REFERS_TO ? new Condition.Exists(link.field()) : Condition.all();
        }
        return where.isLinked() ? Condition.all() : where;
    }

    private Set<String> fields() {
        Set<String> fields = new TreeSet<>(Set.of(StoredFields.POSITION));
        query.where().replacingLinks(link -> {
            fields.addAll(findLinked.fields(query, link));
            return link;
        });
        if (narrow) {
            fields.addAll(query.parts().toBsonDocument().keySet());
        }
        return fields;
    }

    @Override
    public boolean hasNext() {
        while (left > 0 && (batch == null || !batch.hasNext()) && more) {
            close();
            batch = fetch();
        }
        return left > 0 && batch != null && batch.hasNext();
    }

    @Override
    public RawBsonDocument next() {
        Matches current = batch;
        if (!hasNext() || current == null) {
            throw new NoSuchElementException();
        }
        left--;
        matched++;
        return current.next();
    }

    private Matches fetch() {
        if (looked > 0) {
            size = sizeOfNext();
            if (mayList && expected() > size && !isRestIn(size)) {
                mayList = false;
                Optional<Matches> rest = rest();
                if (rest.isPresent()) {
                    more = false;
                    return rest.get();
                }
            }
        }
        List<RawBsonDocument> found = candidates();
        if (!found.isEmpty()) {
            after = places.of(found.get(found.size() - 1));
        }
        looked = found.size();
        walked += looked;
        matched = 0;
        return allLinks
                ? linked(found)
                : at(found, query.where().replacingLinks(link -> findLinked.among(query, link, found)));
    }

    /** Whether there are not more candidates anyway: no list is worth it for the last batch. */
    private boolean isRestIn(int batch) {
        int all = walked + batch;
        return selectMatches.countUpTo(all, query, candidates) <= all;
    }

    /** Half as many again as will do if they match as often as the last ones did, and up to eight times as many as those. */
    private int sizeOfNext() {
        long enough = Math.max(terms.batch(), expected() + expected() / 2);
        return (int) Math.min(LARGEST_BATCH, Math.min(8L * size, enough));
    }

    /** How many candidates have to be looked at until there are enough. */
    private long expected() {
        return (long) left * looked / Math.max(1, matched);
    }

    /** All that is left, where an other side is listed; empty where none is. */
    private Optional<Matches> rest() {
        Condition listed = selectMatches.listed(query, new Listing(terms.few(), false).atMost(expected()));
        MatchQuery next = query.where(listed).next(after, query.limit() == 0 ? 0 : left, query.parts());
        return listed.equals(query.where())
                ? Optional.empty()
                : Optional.of(selectMatches.walked(next, Manner.WALKING));
    }

    /** Of candidates that have to meet all links: each link is asked about those that met the ones before. */
    private Matches linked(List<RawBsonDocument> found) {
        Map<Linked, Condition> met = new HashMap<>();
        List<RawBsonDocument> linked = found;
        for (Linked link : FindDrivers.parts(query.where())
                .filter(Linked.class::isInstance)
                .map(Linked.class::cast)
                .toList()) {
            Set<String> there = findLinked.found(query, link, linked);
            met.put(link, findLinked.linkedBy(query.type(), link, there));
            linked = linked.stream()
                    .filter(each ->
                            findLinked.references(query, link, each).stream().anyMatch(there::contains))
                    .toList();
        }
        return narrow || linked.isEmpty()
                ? Matches.of(linked)
                : at(linked, query.where().replacingLinks(link -> met.getOrDefault(link, link)));
    }

    /** Those of some candidates that meet it still, and what is wanted of them. */
    private Matches at(List<RawBsonDocument> found, Condition narrowed) {
        List<BsonValue> positions =
                found.stream().map(each -> each.get(StoredFields.POSITION)).toList();
        Condition these = new Condition.And(List.of(new Condition.In(StoredFields.POSITION, positions), narrowed));
        return selectMatches.run(query.where(these).next(null, 0, query.parts()));
    }

    private List<RawBsonDocument> candidates() {
        List<RawBsonDocument> found = new ArrayList<>();
        int bytes = 0;
        try (Matches matches = selectMatches.run(query.where(candidates).next(after, size, parts))) {
            while (matches.hasNext() && bytes < MOST_BYTES) {
                RawBsonDocument next = matches.next();
                bytes += next.getByteBuffer().remaining();
                found.add(next);
            }
            more = found.size() == size || matches.hasNext();
        }
        return found;
    }

    @Override
    public void close() {
        if (batch != null) {
            batch.close();
        }
    }
}
