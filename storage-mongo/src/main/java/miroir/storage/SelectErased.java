package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import miroir.index.store.ResourceKey;

/** The erased resources of a type, by id, from an index that has nothing else: what must not be brought back. */
final class SelectErased {
    private final StoreDatabase database;

    SelectErased(StoreDatabase database) {
        this.database = database;
    }

    /** At most so many after this id; all ids are after the empty one. */
    List<ResourceKey> run(String type, String afterId, int limit) {
        return database.current(type)
                .find(Filters.and(Filters.eq(StoredFields.ERASED, true), Filters.gt(StoredFields.ID, afterId)))
                .projection(Projections.include(StoredFields.ID))
                .sort(Sorts.ascending(StoredFields.ID))
                .hint(TypeIndexes.ERASED.keys())
                .limit(limit)
                .batchSize(limit)
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .map(document -> new ResourceKey(
                        type, document.getString(StoredFields.ID).getValue()))
                .into(new ArrayList<>());
    }
}
