package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import miroir.index.search.Condition;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * One version of a resource. The current one is read first: it says whether the resource may be seen and was not erased, and
 * may be the one. An older version is in history by then, because it was put there before its successor became current.
 */
final class ReadVersion {
    static final Bson CONTENT = Projections.include(
            StoredFields.FHIR,
            StoredFields.VERSION,
            StoredFields.FROM,
            StoredFields.TO,
            StoredFields.OPERATION,
            StoredFields.ERASED,
            StoredFields.POSITION,
            StoredFields.POSITION_KEPT);

    private final StoreDatabase database;
    private final ReadCurrent readCurrent;

    ReadVersion(StoreDatabase database, ReadCurrent readCurrent) {
        this.database = database;
        this.readCurrent = readCurrent;
    }

    Optional<StoredVersion> run(ResourceKey key, long version, Condition scope) {
        Optional<StoredVersion> current = readCurrent.content(key, scope);
        if (current.isEmpty() || current.get().version().version() == version) {
            return current;
        }
        boolean mayBeThere =
                version < current.get().version().version() && !current.get().isErased();
        return mayBeThere ? superseded(key, version, scope) : Optional.empty();
    }

    private Optional<StoredVersion> superseded(ResourceKey key, long version, Condition scope) {
        Bson byId = Filters.eq(StoredFields.ID, HistoryIds.of(key.id(), version));
        RawBsonDocument found = database.history(key.type())
                .find(scope.isAll() ? byId : Filters.and(byId, RenderFilter.withinInHistory(scope)))
                .projection(CONTENT)
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .first();
        return Optional.ofNullable(found).map(document -> StoredVersion.of(key, document));
    }
}
