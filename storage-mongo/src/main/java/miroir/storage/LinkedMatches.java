package miroir.storage;

import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
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
 */
final class LinkedMatches implements Matches {
    private static final int LARGEST_BATCH = 1_000;
    /** A group may have a hundred thousand members. */
    private static final int MOST_BYTES = 1 << 20;

    private final SelectMatches selectMatches;
    private final FindLinked findLinked;
    private final MatchQuery query;
    private final Condition candidates;
    private final Bson parts;
    private final OrderedPlaces places;
    private @Nullable Matches batch;
    private int size;
    private int looked;
    private int matched;
    private int left;
    private @Nullable PagePosition after;
    private boolean more = true;

    LinkedMatches(
            SelectMatches selectMatches, FindLinked findLinked, LinkNames names, LinkTerms terms, MatchQuery query) {
        this.selectMatches = selectMatches;
        this.findLinked = findLinked;
        this.query = query;
        this.candidates = withoutLinks(query.where());
        this.places = new OrderedPlaces(query.order());
        this.parts = places.parts(Projections.include(new ArrayList<>(fields(query, names))));
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

    private static Set<String> fields(MatchQuery query, LinkNames names) {
        Set<String> fields = new TreeSet<>(Set.of(StoredFields.POSITION));
        query.where().replacingLinks(link -> {
            if (link.direction() == Direction.REFERS_TO) {
                fields.add(link.field());
            } else {
                fields.addAll(names.parts(query.type()));
            }
            return link;
        });
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
        }
        List<RawBsonDocument> found = candidates();
        if (!found.isEmpty()) {
            after = places.of(found.get(found.size() - 1));
        }
        looked = found.size();
        matched = 0;
        Condition narrowed = query.where().replacingLinks(link -> findLinked.among(query, link, found));
        List<BsonValue> positions =
                found.stream().map(each -> each.get(StoredFields.POSITION)).toList();
        Condition these = new Condition.And(List.of(new Condition.In(StoredFields.POSITION, positions), narrowed));
        return selectMatches.run(query.where(these).next(null, 0, query.parts()));
    }

    /** As many as will do if they match as often as the last ones did; twice to eight times as many as those. */
    private int sizeOfNext() {
        long enough = (long) left * looked / Math.max(1, matched);
        return (int) Math.min(LARGEST_BATCH, Math.min(8L * size, Math.max(2L * size, enough)));
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
