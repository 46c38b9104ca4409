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
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import miroir.index.store.Deadline;
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
 * of their own, so where all is well this costs two look-ups per type. Where copies of what is current are left, as by {@link MarkReturns} of each resource that had come back, it costs three for
 * {@value #BATCH} of them, each time. What an erasure left unfinished is looked for once
 * for every mark, when a server has started, and then for new marks only: an old one has no more leftovers, but for
 * the copy of a writer that had stood still for long, and that is an entry without an end.
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
     * @param erasedSince leftovers of earlier erasures are not looked for
     * @param goesOn asked between batches
     */
    UpkeepCounts run(String type, Instant erasedSince, BooleanSupplier goesOn) {
        return removeErased(type, erasedSince, goesOn).and(end(type, goesOn));
    }

    private UpkeepCounts removeErased(String type, Instant since, BooleanSupplier goesOn) {
        UpkeepCounts counts = UpkeepCounts.NONE;
        String last = "";
        while (goesOn.getAsBoolean()) {
            List<ResourceKey> erased = selectErased.since(since, type, last, BATCH);
            if (erased.isEmpty()) {
                break;
            }
            counts = counts.and(removeAll(type, erased));
            last = erased.get(erased.size() - 1).id();
        }
        return counts;
    }

    private UpkeepCounts removeAll(String type, Collection<ResourceKey> erased) {
        if (erased.isEmpty()) {
            return UpkeepCounts.NONE;
        }
        List<DeleteManyModel<RawBsonDocument>> leftovers = erased.stream()
                .map(key -> new DeleteManyModel<RawBsonDocument>(HistoryIds.all(key)))
                .toList();
        return UpkeepCounts.ofErased(
                database.history(type).bulkWrite(leftovers, UNORDERED).getDeletedCount());
    }

    private UpkeepCounts end(String type, BooleanSupplier goesOn) {
        UpkeepCounts counts = UpkeepCounts.NONE;
        List<RawBsonDocument> batch = new ArrayList<>();
        try (MongoCursor<RawBsonDocument> open = withoutEnd(type)) {
            while (open.hasNext() && (!batch.isEmpty() || goesOn.getAsBoolean())) {
                batch.add(open.next());
                if (batch.size() == BATCH || !open.hasNext()) {
                    counts = counts.and(end(type, batch));
                    batch.clear();
                }
            }
        }
        return counts;
    }

    private MongoCursor<RawBsonDocument> withoutEnd(String type) {
        return database.history(type)
                .find(Filters.eq(StoredFields.TO, BsonNull.VALUE))
                .projection(Projections.include(StoredFields.VERSION))
                .hint(TypeIndexes.ENDS.keys())
                .batchSize(BATCH)
                .iterator();
    }

    private UpkeepCounts end(String type, List<RawBsonDocument> entries) {
        Map<ResourceKey, List<RawBsonDocument>> byResource = entries.stream()
                .collect(Collectors.groupingBy(entry -> new ResourceKey(type, HistoryIds.resource(entry))));
        List<ResourceKey> erased = selectErased.among(
                type, byResource.keySet().stream().map(ResourceKey::id).toList());
        UpkeepCounts counts = removeAll(type, erased);
        byResource.keySet().removeAll(Set.copyOf(erased));
        Set<VersionId> current = current(type, byResource.keySet());
        List<UpdateOneModel<RawBsonDocument>> ends = new ArrayList<>();
        byResource.forEach((key, ofOne) -> ofOne.stream()
                .filter(entry -> !current.contains(id(entry)))
                .forEach(entry -> end(key, entry).ifPresent(ends::add)));
        long rest = byResource.values().stream().mapToLong(List::size).sum();
        return counts.and(UpkeepCounts.ofOpen(rest - ends.size())).and(write(type, ends));
    }

    /** What is current has no end, and its copies have none. */
    private Set<VersionId> current(String type, Collection<ResourceKey> among) {
        return database.current(type)
                .find(Filters.in(
                        StoredFields.ID, among.stream().map(ResourceKey::id).toList()))
                .projection(Projections.include(StoredFields.VERSION))
                .map(found -> new VersionId(
                        found.getString(StoredFields.ID).getValue(),
                        found.getNumber(StoredFields.VERSION).longValue()))
                .into(new HashSet<>());
    }

    private static VersionId id(RawBsonDocument entry) {
        return new VersionId(
                HistoryIds.resource(entry),
                entry.getNumber(StoredFields.VERSION).longValue());
    }

    private Optional<UpdateOneModel<RawBsonDocument>> end(ResourceKey key, RawBsonDocument entry) {
        Optional<Instant> end = findEnd.run(
                key, entry.getNumber(StoredFields.VERSION).longValue(), Deadline.in(database.operationTimeout()));
        Bson stillOpen = Filters.and(
                Filters.eq(StoredFields.ID, entry.getDocument(StoredFields.ID)),
                Filters.exists(StoredFields.TO, false));
        return end.map(instant -> new UpdateOneModel<>(stillOpen, Updates.set(StoredFields.TO, Date.from(instant))));
    }

    private UpkeepCounts write(String type, List<UpdateOneModel<RawBsonDocument>> ends) {
        return ends.isEmpty()
                ? UpkeepCounts.NONE
                : UpkeepCounts.ofEnded(
                        database.history(type).bulkWrite(ends, UNORDERED).getModifiedCount());
    }
}
