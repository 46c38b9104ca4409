package miroir.storage;

import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import miroir.index.search.Condition;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/** The current version of a resource, found by its id. */
final class ReadCurrent {
    private static final List<String> SHOWN = List.of(
            StoredFields.FHIR,
            StoredFields.VERSION,
            StoredFields.FROM,
            StoredFields.OPERATION,
            StoredFields.ERASED,
            StoredFields.POSITION,
            StoredFields.POSITION_KEPT);

    private static final Bson CONTENT = Projections.include(SHOWN);

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

    /**
     * What a client is shown; empty where the scope does not let it be seen. The scope is tested here: the database finds by an id alone without planning anything, and
     * that is most of what a read costs it.
     */
    Optional<StoredVersion> content(ResourceKey key, Condition scope) {
        Bson byId = Filters.eq(StoredFields.ID, key.id());
        if (scope.isAll()) {
            return find(key, byId, CONTENT);
        }
        List<String> read = new ArrayList<>(SHOWN);
        read.addAll(TestedFields.of(scope));
        return find(key, byId, Projections.include(read.stream().distinct().toList()))
                .filter(found -> found.meets(scope));
    }

    /** The whole document, as history will keep it. */
    Optional<StoredVersion> whole(ResourceKey key) {
        return find(key, Filters.eq(StoredFields.ID, key.id()), new BsonDocument());
    }

    /** The same of several of a type, by their ids; empty where those are more bytes than that. */
    Optional<Map<String, StoredVersion>> whole(String type, Set<String> ids, long mostBytes) {
        Map<String, StoredVersion> found = new HashMap<>();
        long bytes = 0;
        try (MongoCursor<RawBsonDocument> documents = database.current(type)
                .find(Filters.in(StoredFields.ID, ids))
                .batchSize(ids.size() + 1)
                .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .cursor()) {
            while (documents.hasNext()) {
                RawBsonDocument document = documents.next();
                bytes += document.getByteBuffer().remaining();
                if (bytes > mostBytes) {
                    return Optional.empty();
                }
                String id = document.getString(StoredFields.ID).getValue();
                found.put(id, StoredVersion.of(new ResourceKey(type, id), document));
            }
        }
        return Optional.of(found);
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
