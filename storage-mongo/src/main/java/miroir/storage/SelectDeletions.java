package miroir.storage;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPosition;
import miroir.index.store.ResourceKey;
import org.bson.BsonNull;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * The deletions of a type that held at a settled instant, in the order of commits. Current is read before history, as everywhere, and what came back to life since is in history. Deletions have
 * no index in that order, so the versions among which they are looked for are fetched: those that were committed after the position.
 */
final class SelectDeletions {
    private static final Bson PARTS =
            Projections.include(StoredFields.VERSION, StoredFields.FROM, StoredFields.DELETED, StoredFields.TO);

    private final StoreDatabase database;
    private final FindEnd findEnd;

    SelectDeletions(StoreDatabase database) {
        this.database = database;
        this.findEnd = new FindEnd(database);
    }

    /** At most so many after a position; fewer mean that there are no more. */
    List<Committed> run(String type, HistoryPosition after, Instant asOf, int limit, Deadline deadline) {
        NavigableMap<HistoryPosition, Committed> first = new TreeMap<>(Collections.reverseOrder());
        Bson then = Filters.and(
                Filters.eq(StoredFields.DELETED, true), Filters.lte(StoredFields.FROM, HistoryBounds.floor(asOf)));
        Bson endedLater = Filters.or(
                Filters.gt(StoredFields.TO, HistoryBounds.floor(asOf)), Filters.eq(StoredFields.TO, BsonNull.VALUE));
        add(first, type, read(database.current(type), SelectCommitted.inCurrent(type, after), then, limit, deadline));
        for (RawBsonDocument document : read(
                database.history(type),
                SelectCommitted.inHistory(type, after),
                Filters.and(then, endedLater),
                limit,
                deadline)) {
            if (document.containsKey(StoredFields.TO) || endsAfter(type, asOf, document, deadline)) {
                add(first, type, List.of(document));
            }
        }
        return first.values().stream().limit(limit).toList();
    }

    private static List<RawBsonDocument> read(
            MongoCollection<RawBsonDocument> collection, Bson after, Bson filter, int limit, Deadline deadline) {
        List<RawBsonDocument> read = new ArrayList<>();
        try (MongoCursor<RawBsonDocument> found = collection
                .find(Filters.and(after, filter))
                .projection(PARTS)
                .sort(SelectHistory.OLDEST_FIRST)
                .hint(TypeIndexes.VERSIONS.keys())
                .limit(limit)
                .batchSize(limit + 1)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS)
                .iterator()) {
            found.forEachRemaining(read::add);
        }
        return read;
    }

    private static void add(
            NavigableMap<HistoryPosition, Committed> first, String type, List<RawBsonDocument> documents) {
        for (RawBsonDocument document : documents) {
            Committed deletion = new Committed(
                    key(type, document),
                    document.getNumber(StoredFields.VERSION).longValue(),
                    Instant.ofEpochMilli(document.getDateTime(StoredFields.FROM).getValue()),
                    false);
            first.put(deletion.position(), deletion);
        }
    }

    /** Empty: it still holds, and current has it. */
    private boolean endsAfter(String type, Instant asOf, RawBsonDocument document, Deadline deadline) {
        return findEnd.run(
                        key(type, document),
                        document.getNumber(StoredFields.VERSION).longValue(),
                        deadline)
                .filter(end -> end.isAfter(asOf))
                .isPresent();
    }

    private static ResourceKey key(String type, RawBsonDocument document) {
        return new ResourceKey(type, HistoryIds.ofEither(document).getValue());
    }
}
