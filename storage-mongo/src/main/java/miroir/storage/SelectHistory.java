package miroir.storage;

import com.mongodb.MongoException;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * One page of a history: versions of one resource or of some types, newest first, each once.
 *
 * <p>The problem: superseded versions are in one collection and current ones in another, and while we read, updates move
 * versions from the latter to the former. A version must not be missed between the two, nor shown twice.
 *
 * <p>The approach: of each type the current side is read first, then the history side. A write puts the version into history
 * before it replaces it ({@link CommitVersion}), and whatever is read was acknowledged by a majority, in that order. So a
 * version that the current side no longer had is in history by the time that is read. The other way round it could move
 * past us. A version that both sides have, because it moved after we saw it or because a crash left a copy, has the same
 * place in the order and is kept once. New versions begin after {@link HistoryQuery#until}, which is settled, so they cannot
 * come into a history that is being paged; and a page begins after the last version of the one before, not at a count.
 *
 * <p>Each side is one {@code find} on an index in the order of the history, for one version more than the page has: the first
 * so many of the union are among the first so many of either side ({@link FirstVersions}). As soon as there is a page,
 * what is older than its end is not asked for any more, so that a history of many types does not read a page of each.
 * What may not be shown is sorted out after that ({@link ShownVersions}), and where a page is not full then, the next
 * versions are fetched.
 *
 * <p>A history as at an instant wants of history what had not ended then. In the order of {@code from} that is a page of keys
 * where most still held, and all keys where nearly nothing did, as for an instant just past. So where few versions have ended
 * since, those are read by their end and sorted, which bounds what a recent instant costs. An instant long ago after
 * which much ended is read in order, and refused where that takes too long (ADR 16).
 *
 * <p>The cost: two finds per type, and one look at the marks of erased resources. One collection for all versions would
 * take one find, and every search would pay for it. A resource's own history goes by {@code _id} and passes over what is
 * newer than the position on every page, which is dear only for resources with thousands of versions.
 */
final class SelectHistory {
    private static final Bson NEWEST_FIRST =
            Sorts.orderBy(Sorts.descending(StoredFields.FROM), Sorts.ascending(StoredFields.ID));

    /** The same the other way round: the order of commits. */
    static final Bson OLDEST_FIRST =
            Sorts.orderBy(Sorts.ascending(StoredFields.FROM), Sorts.descending(StoredFields.ID));

    /** How many versions are read by their end and sorted: some tens of milliseconds. */
    private static final int FEW = 10_000;

    private final StoreDatabase database;
    private final ShownVersions shownVersions;
    private final int few;

    SelectHistory(StoreDatabase database, ShownVersions shownVersions) {
        this(database, shownVersions, FEW);
    }

    SelectHistory(StoreDatabase database, ShownVersions shownVersions, int few) {
        this.database = database;
        this.shownVersions = shownVersions;
        this.few = few;
    }

    HistoryPage run(Scope seen, HistoryQuery query) {
        try {
            return HistoryPage.filledFrom(new Versions(seen, query), query.limit());
        } catch (MongoException e) {
            throw Refusing.isOverTime(e) ? tooCostly(query) : e;
        }
    }

    private static Refusal tooCostly(HistoryQuery query) {
        HistoryQuery.During at = query.at();
        return Refusing.tooCostly(
                at == null
                        ? "a history of which little may be shown"
                        : "a history as at " + at.start()
                                + ", after which much has ended: ask for a later time, or for the history of one resource");
    }

    /** The finds themselves, apart so that a test can have them explained; none where there is nothing to find. */
    Optional<FindIterable<RawBsonDocument>> current(String type, Condition scope, HistoryBounds bounds) {
        List<Bson> filter = new ArrayList<>();
        if (!scope.isAll()) {
            filter.add(RenderFilter.within(scope));
        }
        if (bounds.query().of() instanceof HistoryQuery.Resource of) {
            filter.addAll(bounds.ofResourceInCurrent(of));
            return Optional.of(inOrderOfIds(database.current(type), filter, bounds.query()));
        }
        return bounds.query().oldestFirst()
                ? following(database.current(type), filter, type, bounds, bounds.afterInCurrent(type))
                : between(database.current(type), filter, bounds, bounds.endInCurrent(type));
    }

    Optional<FindIterable<RawBsonDocument>> superseded(String type, Condition scope, HistoryBounds bounds) {
        List<Bson> filter = new ArrayList<>(bounds.ofEnds());
        if (!scope.isAll()) {
            filter.add(RenderFilter.withinInHistory(scope));
        }
        if (bounds.query().of() instanceof HistoryQuery.Resource of) {
            filter.addAll(bounds.ofResourceInHistory(of));
            return Optional.of(inOrderOfIds(database.history(type), filter, bounds.query()));
        }
        if (bounds.query().oldestFirst()) {
            return following(database.history(type), filter, type, bounds, bounds.afterInHistory(type));
        }
        return fewEndedSince(type, bounds.query())
                ? byEnd(database.history(type), filter, bounds, bounds.endInHistory(type))
                : between(database.history(type), filter, bounds, bounds.endInHistory(type));
    }

    private boolean fewEndedSince(String type, HistoryQuery query) {
        Instant heldAfter = query.heldAfter();
        return heldAfter != null
                && database.history(type)
                                .countDocuments(
                                        Filters.gt(StoredFields.TO, HistoryBounds.floor(heldAfter)),
                                        new CountOptions()
                                                .hint(TypeIndexes.ENDS.keys())
                                                .limit(few + 1)
                                                .maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS))
                        <= few;
    }

    private static Optional<FindIterable<RawBsonDocument>> byEnd(
            MongoCollection<RawBsonDocument> collection, List<Bson> filter, HistoryBounds bounds, BsonDocument end) {
        BsonDocument start = bounds.start();
        if (HistoryBounds.isNothing(start, end)) {
            return Optional.empty();
        }
        filter.add(HistoryBounds.between(start, end));
        return Optional.of(
                page(collection, filter, bounds.query()).sort(NEWEST_FIRST).hint(TypeIndexes.ENDS.keys()));
    }

    private static FindIterable<RawBsonDocument> inOrderOfIds(
            MongoCollection<RawBsonDocument> collection, List<Bson> filter, HistoryQuery query) {
        return page(collection, filter, query)
                .sort(Sorts.descending(StoredFields.ID))
                .hint(TypeIndexes.IDS);
    }

    private static Optional<FindIterable<RawBsonDocument>> between(
            MongoCollection<RawBsonDocument> collection, List<Bson> filter, HistoryBounds bounds, BsonDocument end) {
        BsonDocument start = bounds.start();
        return HistoryBounds.isNothing(start, end)
                ? Optional.empty()
                : Optional.of(page(collection, filter, bounds.query())
                        .sort(NEWEST_FIRST)
                        .hint(TypeIndexes.VERSIONS.keys())
                        .min(start)
                        .max(end));
    }

    /** The oldest first, from the start or after a position. */
    private static Optional<FindIterable<RawBsonDocument>> following(
            MongoCollection<RawBsonDocument> collection,
            List<Bson> filter,
            String type,
            HistoryBounds bounds,
            List<Bson> after) {
        BsonDocument start = bounds.startAfter(type);
        BsonDocument end = bounds.endOfFollowing();
        if (HistoryBounds.isNothing(start, end)) {
            return Optional.empty();
        }
        filter.addAll(after);
        return Optional.of(page(collection, filter, bounds.query())
                .sort(OLDEST_FIRST)
                .hint(TypeIndexes.VERSIONS.keys())
                .min(start)
                .max(end));
    }

    private static FindIterable<RawBsonDocument> page(
            MongoCollection<RawBsonDocument> collection, List<Bson> filter, HistoryQuery query) {
        return collection
                .find(filter.isEmpty() ? new BsonDocument() : Filters.and(filter))
                .projection(ReadVersion.CONTENT)
                .limit(query.limit() + 1)
                .batchSize(query.limit() + 1)
                .maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS);
    }

    private FirstVersions first(Scope seen, HistoryQuery query, @Nullable HistoryPosition after) {
        FirstVersions first = new FirstVersions(query.limit(), query.order());
        for (String type : types(query)) {
            Condition scope = seen.of(type);
            if (scope.isNone()) {
                continue;
            }
            current(type, scope, bounds(first, query, after))
                    .ifPresent(side -> take(first, side, document -> FoundVersion.inCurrent(type, document)));
            superseded(type, scope, bounds(first, query, after))
                    .ifPresent(side -> take(first, side, document -> FoundVersion.inHistory(type, document)));
        }
        return first;
    }

    private static HistoryBounds bounds(FirstVersions first, HistoryQuery query, @Nullable HistoryPosition after) {
        return new HistoryBounds(query, after, first.isFull() ? first.end().from() : null);
    }

    private static void take(
            FirstVersions first, FindIterable<RawBsonDocument> side, Function<RawBsonDocument, FoundVersion> read) {
        try (MongoCursor<RawBsonDocument> found = side.iterator()) {
            while (found.hasNext() && first.add(read.apply(found.next()))) {
                // Until there is one that is not needed.
            }
        }
    }

    private static Set<String> types(HistoryQuery query) {
        return query.of() instanceof HistoryQuery.Types of
                ? of.types()
                : Set.of(((HistoryQuery.Resource) query.of()).key().type());
    }

    /** Fetches as many as a page needs, and goes on only where some of them were not shown. */
    private final class Versions implements Iterator<ResourceVersion> {
        private final Scope seen;
        private final HistoryQuery query;
        private Iterator<ResourceVersion> fetched = Collections.emptyIterator();
        private @Nullable HistoryPosition after;
        private boolean more = true;

        Versions(Scope seen, HistoryQuery query) {
            this.seen = seen;
            this.query = query;
            this.after = query.after();
        }

        @Override
        public boolean hasNext() {
            while (!fetched.hasNext() && more) {
                fetch();
            }
            return fetched.hasNext();
        }

        @Override
        public ResourceVersion next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return fetched.next();
        }

        private void fetch() {
            if (query.deadline().remaining().isNegative()) {
                throw tooCostly(query);
            }
            FirstVersions first = first(seen, query, after);
            more = first.isFull();
            after = more ? first.end() : after;
            fetched = shownVersions.among(first.all(), seen, query).iterator();
        }
    }
}
