package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * The deletions of a type that held at a settled instant T and were committed after another one, stretch after stretch in the order of creation of what was deleted.
 *
 * <p>The problem: deletions have no index in the order of commits, and whoever looks for them among all that was committed since looks at all of that for each stretch.
 *
 * <p>The approach: what was deleted keeps its position, and of those that still hold there is an index. A stretch of it is read from current, whatever instants are in it; it ends after so
 * many, and the next one begins behind it, so all of them are looked at once. What came back to life since T is in history, where a deletion has no position and so stands under none in the
 * index of positions and ends: of that, what ended after T and was within the stretch. Current is read before history, as everywhere; what was met on both sides has one position.
 *
 * <p>The cost: each deletion of the type is looked at once, and for each stretch all that came back to life since T.
 */
final class SelectDeletions {
    private static final int AT_ONCE = 5_000;

    private static final BsonDocument POSITIONS_IN_HISTORY =
            TypeIndexes.ofPositionsInHistory().get(0).keys();
    private static final Bson PARTS = Projections.include(
            StoredFields.VERSION, StoredFields.FROM, StoredFields.DELETED, StoredFields.TO, StoredFields.POSITION_KEPT);

    private final StoreDatabase database;
    private final FindEnd findEnd;
    private final int atOnce;

    SelectDeletions(StoreDatabase database) {
        this(database, AT_ONCE);
    }

    /** With stretches of so many. */
    SelectDeletions(StoreDatabase database, int atOnce) {
        this.database = database;
        this.findEnd = new FindEnd(database);
        this.atOnce = atOnce;
    }

    /** The next behind a position. */
    DeletionsPage run(String type, Instant since, Instant asOf, long after, Deadline deadline) {
        List<RawBsonDocument> current = inCurrent(type, after, deadline);
        long reached = current.size() < atOnce ? Long.MAX_VALUE : position(current.get(current.size() - 1));
        NavigableMap<Long, Committed> held = new TreeMap<>();
        for (RawBsonDocument each : inHistory(type, asOf, after, reached, deadline)) {
            if (findEnd.isAfter(asOf, key(type, each), each, deadline)) {
                held.put(position(each), committed(type, each));
            }
        }
        current.forEach(each -> held.putIfAbsent(position(each), committed(type, each)));
        List<Committed> deletions = held.values().stream()
                .filter(each -> each.from().isAfter(since) && !each.from().isAfter(asOf))
                .toList();
        return new DeletionsPage(deletions, reached);
    }

    private List<RawBsonDocument> inCurrent(String type, long after, Deadline deadline) {
        return database.current(type)
                .find(Filters.and(
                        Filters.eq(StoredFields.DELETED, true), Filters.gt(StoredFields.POSITION_KEPT, after)))
                .projection(PARTS)
                .sort(Sorts.ascending(StoredFields.POSITION_KEPT))
                .hint(TypeIndexes.DELETED_POSITIONS.keys())
                .limit(atOnce)
                .batchSize(atOnce + 1)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS)
                .into(new ArrayList<>());
    }

    private List<RawBsonDocument> inHistory(String type, Instant asOf, long after, long upTo, Deadline deadline) {
        // Those without an end first: one that is told its end meanwhile is with the others then.
        List<RawBsonDocument> found = inHistory(type, asOf, after, upTo, HistoryBounds.WITHOUT_END, deadline);
        found.addAll(inHistory(type, asOf, after, upTo, HistoryBounds.endedAfter(asOf), deadline));
        return found;
    }

    private List<RawBsonDocument> inHistory(
            String type, Instant asOf, long after, long upTo, Bson ended, Deadline deadline) {
        return database.history(type)
                .find(Filters.and(
                        Filters.eq(StoredFields.POSITION, BsonNull.VALUE),
                        ended,
                        Filters.eq(StoredFields.DELETED, true),
                        Filters.lte(StoredFields.FROM, HistoryBounds.floor(asOf)),
                        Filters.gt(StoredFields.POSITION_KEPT, after),
                        Filters.lte(StoredFields.POSITION_KEPT, upTo)))
                .projection(PARTS)
                .hint(POSITIONS_IN_HISTORY)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS)
                .into(new ArrayList<>());
    }

    private static long position(RawBsonDocument deletion) {
        return deletion.getNumber(StoredFields.POSITION_KEPT).longValue();
    }

    private static Committed committed(String type, RawBsonDocument deletion) {
        return new Committed(
                key(type, deletion),
                deletion.getNumber(StoredFields.VERSION).longValue(),
                Instant.ofEpochMilli(deletion.getDateTime(StoredFields.FROM).getValue()),
                false);
    }

    private static ResourceKey key(String type, RawBsonDocument document) {
        return new ResourceKey(type, HistoryIds.ofEither(document).getValue());
    }
}
