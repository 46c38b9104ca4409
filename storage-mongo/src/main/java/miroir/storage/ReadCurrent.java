package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import miroir.index.search.Condition;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/** The current version of one resource, found by its id. */
final class ReadCurrent {
    private static final Bson CONTENT = Projections.include(
            StoredFields.FHIR,
            StoredFields.VERSION,
            StoredFields.FROM,
            StoredFields.OPERATION,
            StoredFields.ERASED,
            StoredFields.POSITION,
            StoredFields.POSITION_KEPT);

    /** Of the resource only that it is one. */
    private static final Bson HEAD = Projections.include(
            StoredFields.FHIR + ".resourceType",
            StoredFields.VERSION,
            StoredFields.FROM,
            StoredFields.ERASED,
            StoredFields.SOURCE,
            StoredFields.UPSTREAM);

    private final StoreDatabase database;

    ReadCurrent(StoreDatabase database) {
        this.database = database;
    }

    /** What a client is shown; empty where the scope does not let it be seen. */
    Optional<StoredVersion> content(ResourceKey key, Condition scope) {
        return find(key, withScope(key, scope), CONTENT);
    }

    /** The whole document, as history will keep it. */
    Optional<StoredVersion> whole(ResourceKey key) {
        return find(key, Filters.eq(StoredFields.ID, key.id()), new BsonDocument());
    }

    /** What it is and whose, for who has no room for its content. */
    Optional<StoredVersion> head(ResourceKey key) {
        return find(key, Filters.eq(StoredFields.ID, key.id()), HEAD);
    }

    /** Whether the current version is within a scope of its type. */
    boolean isWithin(ResourceKey key, Condition scope) {
        return find(key, withScope(key, scope), Projections.include(StoredFields.ID))
                .isPresent();
    }

    private Optional<StoredVersion> find(ResourceKey key, Bson filter, Bson projection) {
        RawBsonDocument found = database.current(key.type())
                .find(filter)
                .projection(projection)
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .first();
        return Optional.ofNullable(found).map(document -> StoredVersion.of(key, document));
    }

    private static Bson withScope(ResourceKey key, Condition scope) {
        Bson byId = Filters.eq(StoredFields.ID, key.id());
        return scope.isAll() ? byId : Filters.and(byId, RenderFilter.within(scope));
    }
}
