package miroir.storage;

import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteManyModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import miroir.index.store.ResourceKey;
import org.bson.BsonNull;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Heals what crashes leave in the history of a type.
 *
 * <p>Nothing of it is ever shown wrongly, so this may come late. A crash between two steps of {@link CommitVersion} leaves an
 * entry that does not say until when it held: that is known from the version after it, {@link FindEnd}. Or it leaves a copy
 * of the version that is still current. That copy stays: a writer who found it there may be about to rely on it, and the
 * next write needs it anyway. A crash during {@link EraseResource} leaves versions of an erased resource; they go.
 *
 * <p>Both are found from an index, entries without an end as the first keys of {@code {to}} and erased resources in an index
 * of their own, so where all is well this costs two look-ups per type.
 */
final class RepairHistory {
    private static final int BATCH = 500;
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    private final StoreDatabase database;
    private final SelectErased selectErased;
    private final FindEnd findEnd;

    RepairHistory(StoreDatabase database, SelectErased selectErased, FindEnd findEnd) {
        this.database = database;
        this.selectErased = selectErased;
        this.findEnd = findEnd;
    }

    /**
     * Repairs a type.
     *
     * @param goesOn asked between batches
     */
    UpkeepCounts run(String type, BooleanSupplier goesOn) {
        return removeErased(type, goesOn).and(end(type, goesOn));
    }

    private UpkeepCounts removeErased(String type, BooleanSupplier goesOn) {
        long removed = 0;
        String last = "";
        while (goesOn.getAsBoolean()) {
            List<ResourceKey> erased = selectErased.run(type, last, BATCH);
            if (erased.isEmpty()) {
                break;
            }
            List<DeleteManyModel<RawBsonDocument>> leftovers = erased.stream()
                    .map(key -> new DeleteManyModel<RawBsonDocument>(HistoryIds.all(key)))
                    .toList();
            removed += database.history(type).bulkWrite(leftovers, UNORDERED).getDeletedCount();
            last = erased.get(erased.size() - 1).id();
        }
        return new UpkeepCounts(0, 0, removed, 0);
    }

    private UpkeepCounts end(String type, BooleanSupplier goesOn) {
        UpkeepCounts counts = UpkeepCounts.NONE;
        List<UpdateOneModel<RawBsonDocument>> ends = new ArrayList<>();
        try (MongoCursor<RawBsonDocument> open = withoutEnd(type)) {
            while (open.hasNext() && (!ends.isEmpty() || goesOn.getAsBoolean())) {
                RawBsonDocument entry = open.next();
                Optional<UpdateOneModel<RawBsonDocument>> end = end(type, entry);
                end.ifPresent(ends::add);
                counts = counts.and(new UpkeepCounts(0, end.isPresent() ? 0 : 1, 0, 0));
                if (ends.size() == BATCH) {
                    counts = counts.and(write(type, ends));
                }
            }
        }
        return counts.and(write(type, ends));
    }

    private MongoCursor<RawBsonDocument> withoutEnd(String type) {
        return database.history(type)
                .find(Filters.eq(StoredFields.TO, BsonNull.VALUE))
                .projection(Projections.include(StoredFields.VERSION))
                .hint(TypeIndexes.ENDS.keys())
                .batchSize(BATCH)
                .iterator();
    }

    private Optional<UpdateOneModel<RawBsonDocument>> end(String type, RawBsonDocument entry) {
        ResourceKey key = new ResourceKey(type, HistoryIds.resource(entry));
        Optional<Instant> end =
                findEnd.run(key, entry.getNumber(StoredFields.VERSION).longValue());
        Bson stillOpen = Filters.and(
                Filters.eq(StoredFields.ID, entry.getDocument(StoredFields.ID)),
                Filters.exists(StoredFields.TO, false));
        return end.map(instant -> new UpdateOneModel<>(stillOpen, Updates.set(StoredFields.TO, Date.from(instant))));
    }

    private UpkeepCounts write(String type, List<UpdateOneModel<RawBsonDocument>> ends) {
        if (ends.isEmpty()) {
            return UpkeepCounts.NONE;
        }
        long ended = database.history(type).bulkWrite(ends, UNORDERED).getModifiedCount();
        ends.clear();
        return new UpkeepCounts(ended, 0, 0, 0);
    }
}
