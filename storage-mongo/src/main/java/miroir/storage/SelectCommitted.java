package miroir.storage;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPosition;
import miroir.index.store.ResourceKey;
import org.bson.BsonDateTime;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * What was committed after a position, in the order of commits: that of a history, the other way round.
 *
 * <p>The problem is that of {@link SelectHistory}, and so is the approach: of each type current is read before history, so that a version that moves from one to the
 * other meanwhile is met in one of them, and up to a settled instant, so that nothing comes in behind who has passed. The first so many of the union are
 * among the first so many of either side.
 *
 * <p>Whoever follows keeps the position of the last one that he is done with. It is all that he needs, whatever became of him or of the database meanwhile: there is no
 * cursor that could be lost. What it costs is one or two keys for each type while nothing happens.
 */
final class SelectCommitted {
    private static final Bson PARTS =
            Projections.include(StoredFields.VERSION, StoredFields.FROM, StoredFields.DELETED);

    private final StoreDatabase database;

    SelectCommitted(StoreDatabase database) {
        this.database = database;
    }

    /** At most so many; fewer mean that there are no more. */
    List<Committed> run(Set<String> types, HistoryPosition after, Instant until, int limit, Deadline deadline) {
        NavigableMap<HistoryPosition, Committed> first = new TreeMap<>(Collections.reverseOrder());
        for (String type : types) {
            Instant needed = first.size() == limit ? first.lastKey().from() : until;
            take(
                    first,
                    limit,
                    find(database.current(type), inCurrent(type, after), needed, limit, deadline),
                    document ->
                            committed(type, document.getString(StoredFields.ID).getValue(), document));
            take(
                    first,
                    limit,
                    find(database.history(type), inHistory(type, after), needed, limit, deadline),
                    document -> committed(type, HistoryIds.resource(document), document));
        }
        return new ArrayList<>(first.values());
    }

    private static FindIterable<RawBsonDocument> find(
            MongoCollection<RawBsonDocument> collection, Bson after, Instant until, int limit, Deadline deadline) {
        return collection
                .find(Filters.and(after, Filters.lte(StoredFields.FROM, HistoryBounds.floor(until))))
                .projection(PARTS)
                .sort(SelectHistory.OLDEST_FIRST)
                .hint(TypeIndexes.VERSIONS.keys())
                .limit(limit)
                .batchSize(limit + 1)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS);
    }

    static Bson inCurrent(String type, HistoryPosition after) {
        return after(type, after, new BsonString(after.id()));
    }

    static Bson inHistory(String type, HistoryPosition after) {
        return after(type, after, HistoryIds.first(after.id()));
    }

    /** Of the position's own instant, later types are over, and of its own type later ids. */
    private static Bson after(String type, HistoryPosition after, BsonValue id) {
        BsonDateTime from = HistoryBounds.floor(after.from());
        int order = type.compareTo(after.type());
        if (order > 0) {
            return Filters.gt(StoredFields.FROM, from);
        }
        Bson since = Filters.gte(StoredFields.FROM, from);
        return order < 0
                ? since
                : Filters.and(since, Filters.or(Filters.gt(StoredFields.FROM, from), Filters.lt(StoredFields.ID, id)));
    }

    private static void take(
            NavigableMap<HistoryPosition, Committed> first,
            int limit,
            FindIterable<RawBsonDocument> side,
            Function<RawBsonDocument, Committed> read) {
        try (MongoCursor<RawBsonDocument> found = side.iterator()) {
            while (found.hasNext()) {
                Committed next = read.apply(found.next());
                first.put(next.position(), next);
                if (first.size() > limit && next.equals(first.remove(first.lastKey()))) {
                    return;
                }
            }
        }
    }

    private static Committed committed(String type, String id, RawBsonDocument document) {
        return new Committed(
                new ResourceKey(type, id),
                document.getNumber(StoredFields.VERSION).longValue(),
                Instant.ofEpochMilli(document.getDateTime(StoredFields.FROM).getValue()),
                !document.containsKey(StoredFields.DELETED));
    }
}
