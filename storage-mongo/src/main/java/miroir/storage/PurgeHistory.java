package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;

/**
 * Removes superseded versions that are older, or more, than are to be kept. The current document of a resource is never
 * touched, so its versions go on increasing whatever is removed; entries that do not say until when they held stay until
 * {@link RepairHistory} has been there.
 *
 * <p>By age: the first keys of {@code {to}}, a batch at a time. By number: once along the ids of history, from the index
 * alone, remembering the newest few of the resource that is being passed; what falls out of them is removed, unless it
 * ended so lately that a link to a next page may still need it. Keeping a count per resource instead would make every write
 * dearer for a job that is seldom asked for.
 */
final class PurgeHistory {
    private static final int BATCH = 1_000;
    private static final int IDS_AT_ONCE = 10_000;

    private final StoreDatabase database;

    PurgeHistory(StoreDatabase database) {
        this.database = database;
    }

    /**
     * Purges a type.
     *
     * @param now by the primary's clock
     * @param goesOn asked between batches
     */
    UpkeepCounts run(String type, HistoryUpkeep upkeep, Instant now, BooleanSupplier goesOn) {
        long purged = 0;
        if (upkeep.age() != null) {
            purged += byAge(type, now.minus(upkeep.age()), goesOn);
        }
        if (upkeep.versions() != null) {
            purged += byNumber(type, upkeep.versions(), now.minus(upkeep.linksLast()), goesOn);
        }
        return UpkeepCounts.ofPurged(purged);
    }

    private long byAge(String type, Instant endedBefore, BooleanSupplier goesOn) {
        long purged = 0;
        while (goesOn.getAsBoolean()) {
            List<BsonDocument> old = ids(type, ended(endedBefore), TypeIndexes.ENDS.keys(), BATCH);
            if (old.isEmpty()) {
                break;
            }
            purged += remove(type, old, endedBefore);
        }
        return purged;
    }

    private long byNumber(String type, int keep, Instant endedBefore, BooleanSupplier goesOn) {
        long purged = 0;
        Deque<BsonDocument> newest = new ArrayDeque<>();
        List<BsonDocument> beyond = new ArrayList<>();
        Bson from = new BsonDocument();
        while (goesOn.getAsBoolean()) {
            List<BsonDocument> passed = ids(type, from, TypeIndexes.IDS, IDS_AT_ONCE);
            for (BsonDocument id : passed) {
                if (!newest.isEmpty() && !isOfSameResource(newest.getLast(), id)) {
                    newest.clear();
                }
                newest.add(id);
                if (newest.size() > keep) {
                    beyond.add(newest.remove());
                }
            }
            purged += remove(type, beyond, endedBefore);
            beyond.clear();
            if (passed.isEmpty()) {
                break;
            }
            from = Filters.gt(StoredFields.ID, passed.get(passed.size() - 1));
        }
        return purged;
    }

    private List<BsonDocument> ids(String type, Bson filter, BsonDocument index, int limit) {
        return database.history(type)
                .find(filter)
                .projection(Projections.include(StoredFields.ID))
                .sort(Sorts.ascending(index.getFirstKey()))
                .hint(index)
                .limit(limit)
                .batchSize(limit)
                .map(document -> document.getDocument(StoredFields.ID))
                .into(new ArrayList<>());
    }

    private long remove(String type, List<BsonDocument> ids, Instant endedBefore) {
        return ids.isEmpty()
                ? 0
                : database.history(type)
                        .deleteMany(Filters.and(Filters.in(StoredFields.ID, ids), ended(endedBefore)))
                        .getDeletedCount();
    }

    private static Bson ended(Instant before) {
        return Filters.lt(StoredFields.TO, HistoryBounds.floor(before));
    }

    private static boolean isOfSameResource(BsonDocument one, BsonDocument other) {
        return one.getString(StoredFields.HISTORY_ID).equals(other.getString(StoredFields.HISTORY_ID));
    }
}
