package miroir.storage;

import com.mongodb.client.FindIterable;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/** The erased resources of a type, by id, from an index that has nothing else: what must not be brought back. */
final class SelectErased {
    private final StoreDatabase database;

    SelectErased(StoreDatabase database) {
        this.database = database;
    }

    /** At most so many after this id; all ids are after the empty one. */
    List<ResourceKey> run(String type, String afterId, int limit) {
        return keys(
                type,
                marks(type, Filters.gt(StoredFields.ID, afterId)).limit(limit).batchSize(limit));
    }

    /** The same, of those that were erased at this instant or later. */
    List<ResourceKey> since(Instant since, String type, String afterId, int limit) {
        Bson later = Filters.gte(StoredFields.FROM, HistoryBounds.floor(since));
        return keys(
                type,
                marks(type, Filters.and(Filters.gt(StoredFields.ID, afterId), later))
                        .limit(limit)
                        .batchSize(limit));
    }

    /** How many were erased at this instant or later, of those that stood between two positions. */
    long count(Instant since, String type, long after, long upTo) {
        return database.current(type)
                .countDocuments(
                        Filters.and(
                                Filters.eq(StoredFields.ERASED, true),
                                Filters.gte(StoredFields.FROM, HistoryBounds.floor(since)),
                                Filters.gt(StoredFields.POSITION_KEPT, after),
                                Filters.lte(StoredFields.POSITION_KEPT, upTo)),
                        new CountOptions()
                                .hint(TypeIndexes.ERASED.keys())
                                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Those of these resources that were erased. */
    List<ResourceKey> among(String type, Collection<String> ids) {
        return keys(type, marks(type, Filters.in(StoredFields.ID, ids)));
    }

    private FindIterable<RawBsonDocument> marks(String type, Bson which) {
        return database.current(type)
                .find(Filters.and(Filters.eq(StoredFields.ERASED, true), which))
                .projection(Projections.include(StoredFields.ID))
                .sort(Sorts.ascending(StoredFields.ID))
                .hint(TypeIndexes.ERASED.keys());
    }

    private List<ResourceKey> keys(String type, FindIterable<RawBsonDocument> marks) {
        return marks.maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .map(document -> new ResourceKey(
                        type, document.getString(StoredFields.ID).getValue()))
                .into(new ArrayList<>());
    }
}
