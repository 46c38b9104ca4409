package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import miroir.index.store.Deadline;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Whether nothing of some types has changed since a settled instant: no current version began after it. One key of an index for each
 * type; what was seen once is remembered, because what has changed stays changed.
 */
final class IsUnchanged {
    private static final Bson NEWEST =
            Sorts.orderBy(Sorts.descending(StoredFields.FROM), Sorts.ascending(StoredFields.ID));
    private static final Bson ONLY_FROM = Projections.fields(
            Projections.include(StoredFields.FROM), new BsonDocument(StoredFields.ID, new BsonInt32(0)));

    private final StoreDatabase database;
    private final Map<String, Instant> newestSeen = new ConcurrentHashMap<>();

    IsUnchanged(StoreDatabase database) {
        this.database = database;
    }

    boolean since(Instant settled, Set<String> types, Deadline deadline) {
        return !isKnownToBeOver(settled, types)
                && types.stream().allMatch(type -> isUnchanged(type, settled, deadline));
    }

    /** Whether a change has been seen before. */
    boolean isKnownToBeOver(Instant settled, Set<String> types) {
        return types.stream()
                .anyMatch(type -> newestSeen.getOrDefault(type, Instant.MIN).isAfter(settled));
    }

    private boolean isUnchanged(String type, Instant settled, Deadline deadline) {
        RawBsonDocument newer = database.current(type)
                .find(Filters.gt(StoredFields.FROM, HistoryBounds.floor(settled)))
                .projection(ONLY_FROM)
                .sort(NEWEST)
                .hint(TypeIndexes.VERSIONS.keys())
                .limit(1)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS)
                .first();
        if (newer == null) {
            return true;
        }
        Instant from = Instant.ofEpochMilli(newer.getDateTime(StoredFields.FROM).getValue());
        newestSeen.merge(type, from, (one, other) -> one.isAfter(other) ? one : other);
        return false;
    }
}
