package miroir.storage;

import com.mongodb.client.ClientSession;
import com.mongodb.client.FindIterable;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import miroir.index.store.Deadline;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Whether nothing of some types has changed since a settled instant: no current version began after it. One key of an index for each
 * type; what was seen once is remembered, because what has changed stays changed.
 *
 * <p>The problem: the look is a query of its own, and costs a tenth of the page that it follows, though nearly always the answer is the same.
 *
 * <p>The approach: the database tells with each answer how far its majority was ({@link StoreDatabase#timed(Supplier)}). A look is done in a session that
 * sees at least as much as what was read before it, and remembered with that time. What is read while the time stands still, or comes from before it, needs none: it saw nothing
 * that the look had not seen. Any write to any database of the replica set has the time go on, so while there are writes every page has a look of its own, as it would have without this.
 */
final class IsUnchanged {
    private static final Bson NEWEST =
            Sorts.orderBy(Sorts.descending(StoredFields.FROM), Sorts.ascending(StoredFields.ID));
    private static final Bson ONLY_FROM = Projections.fields(
            Projections.include(StoredFields.FROM), new BsonDocument(StoredFields.ID, new BsonInt32(0)));

    private final StoreDatabase database;
    private final Map<String, Instant> newestSeen = new ConcurrentHashMap<>();
    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    /** That by this time of the database nothing had begun after this instant. */
    private record Look(Instant settled, BsonTimestamp asOf) {
        boolean shows(Instant wanted, BsonTimestamp read) {
            return !wanted.isBefore(settled) && read.compareTo(asOf) <= 0;
        }

        /** Of two, the one that has seen more, and of two that have seen the same, the one that tells more. */
        static Look better(Look one, Look other) {
            int order = one.asOf.compareTo(other.asOf);
            return order > 0 || (order == 0 && one.settled.isBefore(other.settled)) ? one : other;
        }
    }

    IsUnchanged(StoreDatabase database) {
        this.database = database;
    }

    /**
     * Whether that is so.
     *
     * @param asOf by what there was at that time of the database, or later; null: now
     */
    boolean since(Instant settled, Set<String> types, @Nullable BsonTimestamp asOf, Deadline deadline) {
        return !isKnownToBeOver(settled, types)
                && types.stream()
                        .allMatch(type -> asOf == null
                                ? isNone(type, database.current(type).find(after(settled)), deadline)
                                : isShown(type, settled, asOf) || look(type, settled, asOf, deadline));
    }

    /** Whether a change has been seen before. */
    boolean isKnownToBeOver(Instant settled, Set<String> types) {
        return types.stream()
                .anyMatch(type -> newestSeen.getOrDefault(type, Instant.MIN).isAfter(settled));
    }

    private boolean isShown(String type, Instant settled, BsonTimestamp asOf) {
        Look known = looks.get(type);
        return known != null && known.shows(settled, asOf);
    }

    private boolean look(String type, Instant settled, BsonTimestamp asOf, Deadline deadline) {
        try (ClientSession session = database.startSession(asOf)) {
            boolean unchanged = isNone(type, database.current(type).find(session, after(settled)), deadline);
            if (unchanged) {
                looks.merge(type, new Look(settled, asOf), Look::better);
            }
            return unchanged;
        }
    }

    private static Bson after(Instant settled) {
        return Filters.gt(StoredFields.FROM, HistoryBounds.floor(settled));
    }

    private boolean isNone(String type, FindIterable<RawBsonDocument> find, Deadline deadline) {
        RawBsonDocument newer = find.projection(ONLY_FROM)
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
