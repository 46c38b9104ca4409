package miroir.storage;

import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.store.PagePosition;
import miroir.index.store.ResourceKey;
import miroir.storage.ReadHeld.Held;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Matches as they were at a settled instant T, in any order, while others write.
 *
 * <p>What held at T is in current, if nothing came after it, with {@code from <= T}; otherwise in history, with
 * {@code from <= T < to}. Both sides are read in the order that is asked for, and merged. Versions move from current to history
 * while we read, so current is read first: what it no longer had is in history by the time that is read, because a write puts it
 * there before it replaces it. What both sides had is one version and has one place, so it is taken once. Where a write was
 * interrupted and history does not say until when a version held, its successor is asked ({@link FindEnd}).
 *
 * <p>What the caller may not see by now is passed over as well: of what is superseded the current documents are asked, by their ids.
 *
 * <p>Only places are read so, and the content of those that are wanted after that, by id and version, from wherever it is by then.
 * So nothing is read that is not on the page, and nothing on the page can move away while it is read.
 *
 * <p>History has no indexes for searches: they would cost every update what they cost it in current. Where no more than a
 * few thousand versions have ended since T, these are read by their end, tested and sorted, some milliseconds for each page. Where
 * more have, and the order is that of creation, history is walked in that order, as far as the page needs. In any other order
 * all that ended since T are tested for each page, about 2 µs each and twice, within the deadline. And then current may hold nearly nothing
 * that is as old as T: it is read no further than what history has found already reaches.
 */
final class MatchesAsAt implements Matches {
    private static final int LARGEST_WINDOW = 1_000;
    private static final int READ_AT_ONCE = 100;

    /** A page ends by its bytes, and nothing behind its end is to be in memory. */
    private static final long BYTES_AT_ONCE = 1 << 20;

    private static final String BYTES = "bytes";
    private static final BsonDocument BY_POSITION_IN_HISTORY =
            TypeIndexes.ofPositionsInHistory().get(0).keys();

    private final StoreDatabase database;
    private final FindEnd findEnd;
    private final ReadHeld readHeld;
    private final int fewEnded;
    private final Supplier<String> asked;
    private final MatchQuery query;
    private final Walk walk;
    private final Instant asOf;
    private final OrderedPlaces places;
    private final Bson placeParts;
    private final Deque<Held> waiting = new ArrayDeque<>();
    private Iterator<RawBsonDocument> contents = List.<RawBsonDocument>of().iterator();
    private int left;
    private @Nullable PagePosition after;
    private boolean more = true;

    /**
     * The matches of a query that says as at when.
     *
     * @param fewEnded so many versions that have ended since are read by their end; more are walked where they can be
     * @param walk how they are found in current
     */
    MatchesAsAt(
            StoreDatabase database,
            FindEnd findEnd,
            int fewEnded,
            Supplier<String> asked,
            MatchQuery query,
            Walk walk) {
        this.fewEnded = fewEnded;
        this.readHeld = new ReadHeld(database, query.type(), query.deadline());
        this.database = database;
        this.findEnd = findEnd;
        this.asked = asked;
        this.query = query;
        this.walk = walk;
        this.asOf = Objects.requireNonNull(query.asOf());
        this.places = new OrderedPlaces(query.order());
        this.placeParts = places.parts(Projections.fields(
                Projections.include(StoredFields.VERSION, StoredFields.TO),
                Projections.computed(BYTES, new BsonDocument("$bsonSize", new BsonString("$$ROOT")))));
        this.left = query.limit() == 0 ? Integer.MAX_VALUE : query.limit();
        this.after = query.after();
    }

    @Override
    public boolean hasNext() {
        while (left > 0 && !contents.hasNext() && (more || !waiting.isEmpty())) {
            if (waiting.isEmpty()) {
                Refusing.failures(asked, this::fetchPlaces);
            }
            contents = Refusing.failures(asked, this::readContents).iterator();
        }
        return left > 0 && contents.hasNext();
    }

    @Override
    public RawBsonDocument next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        left--;
        return contents.next();
    }

    @Override
    public void close() {
        // Every cursor is read to its end or closed where it is opened.
    }

    /** The positions of all matches that history has; empty where more has ended since than can be listed. */
    Optional<Set<Long>> superseded() {
        return Refusing.failures(asked, () -> {
            if (endedSince() > fewEnded) {
                return Optional.empty();
            }
            List<Held> held = inHistory(fewEnded + 1, true);
            Set<String> erased = readHeld.erased(held.stream().map(Held::id).toList());
            return Optional.of(held.stream()
                    .filter(each -> !erased.contains(each.id()))
                    .map(each -> each.place().position())
                    .collect(Collectors.toSet()));
        });
    }

    /** How many there are, counted a little further than that, without reading any of them. */
    long count(long atMost) {
        long counted = 0;
        while (more && counted <= atMost) {
            Refusing.failures(asked, this::fetchPlaces);
            Set<String> erased = readHeld.erased(waiting.stream().map(Held::id).toList());
            counted += waiting.size() - erased.size();
            waiting.clear();
        }
        return counted;
    }

    /** What of current is as old. */
    BsonDocument filterOfCurrent() {
        return inCurrent(Filters.empty()).filter();
    }

    /** The next that are to be read; whether there are any. */
    private boolean fetchPlaces() {
        int size = Math.min(left, LARGEST_WINDOW);
        boolean few = endedSince() <= fewEnded;
        PagePosition reach = few || query.order().isMade() ? null : reachOfHistory(size);
        List<Held> inCurrent = held(inCurrent(reach == null ? Filters.empty() : upTo(reach)), size);
        NavigableMap<PagePosition, Held> merged = merged(inCurrent, inHistory(size, few));
        if (reach != null) {
            // History may have lost some of what it had when it was asked how far it reaches.
            merged = merged.headMap(reach, true);
        }
        merged.values().stream().limit(size).forEach(waiting::add);
        boolean isFull = merged.size() >= size;
        more = isFull || reach != null;
        if (reach != null && !isFull) {
            after = reach;
        } else if (!waiting.isEmpty()) {
            after = waiting.getLast().place();
        }
        return more;
    }

    /** Both in order, what both have once. */
    private NavigableMap<PagePosition, Held> merged(List<Held> some, List<Held> others) {
        NavigableMap<PagePosition, Held> merged = new TreeMap<>(places);
        some.forEach(held -> merged.put(held.place(), held));
        others.forEach(held -> merged.put(held.place(), held));
        return merged;
    }

    /** How many versions of the type have ended since, or may have, counted a little further than is few. */
    private long endedSince() {
        return database.history(query.type())
                .countDocuments(
                        endsLater(),
                        new CountOptions()
                                .hint(TypeIndexes.ENDS.keys())
                                .limit(fewEnded + 1)
                                .maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS));
    }

    /** What comes after all of a page that history alone could fill is not on the page; null where history cannot. */
    private @Nullable PagePosition reachOfHistory(int size) {
        List<Held> found = inHistory(size, false);
        return found.size() < size ? null : found.get(size - 1).place();
    }

    /** What does not come after that, and perhaps some that does. */
    private Bson upTo(PagePosition last) {
        if (query.order().keys().isEmpty()) {
            return query.order().backward()
                    ? Filters.gte(StoredFields.POSITION, last.position())
                    : Filters.lte(StoredFields.POSITION, last.position());
        }
        return last.keys().get(0).isNull()
                ? Filters.empty()
                : reach(query.order().keys().get(0), last.keys().get(0));
    }

    /** Backward, what lacks the key comes before all of them; forward, it comes after. */
    private Bson reach(Order.Key key, BsonValue last) {
        boolean backward = query.order().backward();
        Bson reached = key.descending() == backward ? Filters.lte(key.field(), last) : Filters.gte(key.field(), last);
        return backward ? Filters.or(reached, Filters.exists(key.field(), false)) : reached;
    }

    private FindInOrder.Source inCurrent(Bson reach) {
        Bson old = Filters.and(walk.filter(), reach, Filters.lte(StoredFields.FROM, instant()));
        return new FindInOrder.Source(database.current(query.type()), false, old.toBsonDocument(), walk.index());
    }

    /**
     * While we read, versions are told their ends. In an index that has the end such a version moves, and one question for both kinds
     * can miss it where it was and where it came to. So those that have no end yet are asked for first: what has got one by then is with the others.
     */
    private List<Held> inHistory(int size, boolean few) {
        Bson held = Filters.and(RenderFilter.inHistory(query.where()), Filters.lte(StoredFields.FROM, instant()));
        Optional<Condition.In> ids = named(query.where(), StoredFields.ID);
        if (ids.isPresent()) {
            List<Bson> versions = ids.get().values().stream()
                    .map(id -> HistoryIds.all(
                            new ResourceKey(query.type(), id.asString().getValue())))
                    .toList();
            return versions.isEmpty()
                    ? List.of()
                    : inHistory(size, Filters.and(Filters.or(versions), held, endsLater()), TypeIndexes.IDS);
        }
        boolean byPosition = named(query.where(), StoredFields.POSITION).isPresent()
                || (!few && query.order().keys().isEmpty());
        List<Held> withoutEnd = inHistory(size, Filters.and(held, HistoryBounds.WITHOUT_END), TypeIndexes.ENDS.keys());
        List<Held> ended = inHistory(
                size,
                Filters.and(held, HistoryBounds.endedAfter(asOf)),
                byPosition ? BY_POSITION_IN_HISTORY : TypeIndexes.ENDS.keys());
        return withoutEnd.isEmpty()
                ? ended
                : merged(withoutEnd, ended).values().stream().limit(size).toList();
    }

    private List<Held> inHistory(int size, Bson filter, BsonDocument index) {
        return held(new FindInOrder.Source(database.history(query.type()), true, filter.toBsonDocument(), index), size);
    }

    /** The values of a field that all matches have one of, where the condition says so. */
    private static Optional<Condition.In> named(Condition where, String field) {
        return FindDrivers.parts(where)
                .filter(Condition.In.class::isInstance)
                .map(Condition.In.class::cast)
                .filter(in -> in.field().equals(field))
                .findFirst();
    }

    private List<Held> held(FindInOrder.Source source, int size) {
        List<Held> held = new ArrayList<>();
        PagePosition from = after;
        int read = size;
        while (held.size() < size && read == size) {
            List<Held> some = new ArrayList<>();
            read = 0;
            try (Matches found = FindInOrder.run(asked, source, query.next(from, size, placeParts))) {
                while (found.hasNext()) {
                    RawBsonDocument document = found.next();
                    read++;
                    from = places.of(document);
                    if (!source.isHistory() || isHeld(document)) {
                        some.add(held(document));
                    }
                }
            }
            held.addAll(source.isHistory() ? seenByNow(some) : some);
        }
        return held;
    }

    private List<Held> seenByNow(List<Held> superseded) {
        Condition seen = query.seen().of(query.type());
        return seen.isAll() ? superseded : readHeld.within(superseded, seen);
    }

    private Held held(RawBsonDocument document) {
        return new Held(
                id(document),
                document.getNumber(StoredFields.VERSION).longValue(),
                places.of(document),
                document.getNumber(BYTES).longValue());
    }

    private boolean isHeld(RawBsonDocument superseded) {
        return findEnd.isAfter(asOf, new ResourceKey(query.type(), id(superseded)), superseded, query.deadline());
    }

    private Bson endsLater() {
        return Filters.or(HistoryBounds.endedAfter(asOf), HistoryBounds.WITHOUT_END);
    }

    private BsonDateTime instant() {
        return HistoryBounds.floor(asOf);
    }

    private List<RawBsonDocument> readContents() {
        List<Held> next = new ArrayList<>();
        long bytes = 0;
        while (next.size() < Math.min(left, READ_AT_ONCE) && bytes < BYTES_AT_ONCE && !waiting.isEmpty()) {
            bytes += waiting.getFirst().bytes();
            next.add(waiting.remove());
        }
        return readHeld.run(next, query.parts());
    }

    private static String id(RawBsonDocument document) {
        return HistoryIds.ofEither(document).getValue();
    }
}
