package miroir.storage;

import com.mongodb.client.model.Projections;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import miroir.index.search.Condition;
import miroir.index.store.PagePosition;
import org.bson.BsonInt64;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * What meets at least one of several conditions, batch by batch: of each the first places in the order, by its own index; the first
 * of all of these are the first ones of the union, and are read by their position. A match of several has one place.
 *
 * <p>A batch costs a query without content for each condition, and one with content. Reading the content of each and merging that
 * would take several pages into memory for one.
 */
final class AlternativeMatches implements Matches {
    private static final int LARGEST_BATCH = 1_000;

    private final SelectMatches selectMatches;
    private final MatchQuery query;
    private final List<Condition> alternatives;
    private final OrderedPlaces places;
    private final Bson parts;
    private final int size;
    private @Nullable Matches batch;
    private int left;
    private @Nullable PagePosition after;
    private boolean more = true;

    AlternativeMatches(SelectMatches selectMatches, MatchQuery query, List<Condition> alternatives) {
        this.selectMatches = selectMatches;
        this.query = query;
        this.alternatives = alternatives;
        this.places = new OrderedPlaces(query.order());
        this.parts = places.parts(Projections.include(StoredFields.POSITION));
        this.size = query.limit() == 0 ? LARGEST_BATCH : Math.min(LARGEST_BATCH, query.limit());
        this.left = query.limit() == 0 ? Integer.MAX_VALUE : query.limit();
        this.after = query.after();
    }

    @Override
    public boolean hasNext() {
        while (left > 0 && (batch == null || !batch.hasNext()) && more) {
            close();
            batch = fetch(firstPlaces());
        }
        return left > 0 && batch != null && batch.hasNext();
    }

    @Override
    public RawBsonDocument next() {
        if (!hasNext() || batch == null) {
            throw new NoSuchElementException();
        }
        left--;
        return batch.next();
    }

    /** The next ones of the union; {@code after} is the last of them. */
    private NavigableSet<PagePosition> firstPlaces() {
        NavigableSet<PagePosition> first = new TreeSet<>(places);
        for (Condition alternative : alternatives) {
            try (Matches matches = selectMatches.run(query.where(alternative).next(after, size, parts))) {
                matches.forEachRemaining(each -> first.add(places.of(each)));
            }
        }
        more = first.size() >= size;
        while (first.size() > size) {
            first.pollLast();
        }
        after = first.isEmpty() ? after : first.last();
        return first;
    }

    /** They may have changed since, so they are held against the condition again. */
    private Matches fetch(Collection<PagePosition> found) {
        List<BsonValue> positions = found.stream()
                .<BsonValue>map(place -> new BsonInt64(place.position()))
                .toList();
        Condition these = new Condition.And(List.of(new Condition.In(StoredFields.POSITION, positions), query.where()));
        return selectMatches.run(query.where(these).next(null, 0, query.parts()));
    }

    @Override
    public void close() {
        if (batch != null) {
            batch.close();
        }
    }
}
