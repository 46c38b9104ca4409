package miroir.storage;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the collections of a type and the indexes that they lack, and reports those that nothing needs. */
final class EnsureIndexes {
    private static final Logger LOG = LoggerFactory.getLogger(EnsureIndexes.class);
    private static final int NAMESPACE_EXISTS = 48;
    private static final String ID_INDEX = "_id_";

    private final StoreDatabase database;
    private final TypeIndexes indexes;
    private final boolean dropExtra;

    EnsureIndexes(StoreDatabase database, TypeIndexes indexes, boolean dropExtra) {
        this.database = database;
        this.indexes = indexes;
        this.dropExtra = dropExtra;
    }

    /** Collections, and what must be there before a position is given out. */
    void positions(String type) {
        Set<String> existing = new HashSet<>();
        database.database().listCollectionNames().into(existing);
        create(type, existing);
        create(StoreDatabase.historyName(type), existing);
        build(database.current(type), TypeIndexes.ofPositions());
        build(database.history(type), TypeIndexes.ofHistory());
    }

    /** What searches need; returns the names of indexes that nothing needs and that are still there. */
    List<String> searches(String type) {
        build(database.current(type), indexes.ofSearches(type));
        List<String> leftOut = indexes.leftOut(type);
        if (!leftOut.isEmpty()) {
            LOG.warn("{} would need more than {} indexes; without one: {}", type, TypeIndexes.AT_MOST, leftOut);
        }
        return extra(type);
    }

    private void create(String collection, Set<String> existing) {
        if (existing.contains(collection)) {
            return;
        }
        BsonDocument zstd = new BsonDocument(
                "wiredTiger", new BsonDocument("configString", new BsonString("block_compressor=zstd")));
        try {
            database.database().createCollection(collection, new CreateCollectionOptions().storageEngineOptions(zstd));
        } catch (MongoCommandException e) {
            if (e.getErrorCode() != NAMESPACE_EXISTS) {
                throw e;
            }
        }
    }

    /** One command for all that are missing, so that the server reads the collection once. */
    private static void build(MongoCollection<RawBsonDocument> collection, List<WantedIndex> wanted) {
        Map<String, BsonDocument> existing = existing(collection);
        List<IndexModel> missing = wanted.stream()
                .filter(index -> !index.keys().equals(existing.get(index.name())))
                .map(EnsureIndexes::model)
                .toList();
        if (!missing.isEmpty()) {
            LOG.debug("building {} indexes of {}", missing.size(), collection.getNamespace());
            collection.createIndexes(missing);
        }
    }

    private static IndexModel model(WantedIndex index) {
        IndexOptions options = new IndexOptions().name(index.name());
        if (index.among() != null) {
            options.partialFilterExpression(index.among());
        }
        return new IndexModel(index.keys(), options);
    }

    private List<String> extra(String type) {
        Set<String> wanted = new HashSet<>();
        wanted.add(ID_INDEX);
        Stream.concat(TypeIndexes.ofPositions().stream(), indexes.ofSearches(type).stream())
                .forEach(index -> wanted.add(index.name()));
        MongoCollection<RawBsonDocument> collection = database.current(type);
        List<String> extra = existing(collection).keySet().stream()
                .filter(name -> !wanted.contains(name))
                .sorted()
                .toList();
        if (dropExtra) {
            extra.forEach(collection::dropIndex);
            return List.of();
        }
        return extra;
    }

    private static Map<String, BsonDocument> existing(MongoCollection<RawBsonDocument> collection) {
        Map<String, BsonDocument> existing = new HashMap<>();
        for (BsonDocument index : collection.listIndexes(BsonDocument.class)) {
            existing.put(index.getString("name").getValue(), index.getDocument("key"));
        }
        return existing;
    }
}
