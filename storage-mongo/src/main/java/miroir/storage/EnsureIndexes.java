package miroir.storage;

import com.mongodb.CreateIndexCommitQuorum;
import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.CreateIndexOptions;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptionDefaults;
import com.mongodb.client.model.IndexOptions;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.IndexKey;
import org.bson.BsonArray;
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
    private static final BsonDocument ZSTD =
            new BsonDocument("wiredTiger", new BsonDocument("configString", new BsonString("block_compressor=zstd")));

    /** Documents, and all indexes, that of the ids as well: without this MongoDB leaves out only what keys begin with alike, and indexes are more than the half of it. */
    private static final CreateCollectionOptions COMPRESSED = new CreateCollectionOptions()
            .storageEngineOptions(ZSTD)
            .indexOptionDefaults(new IndexOptionDefaults().storageEngine(ZSTD));

    private final StoreDatabase database;
    private final boolean dropExtra;

    EnsureIndexes(StoreDatabase database, boolean dropExtra) {
        this.database = database;
        this.dropExtra = dropExtra;
    }

    /** Collections, and what must be there before a position is given out. */
    void positions(String type) {
        Set<String> existing = new HashSet<>();
        database.database().listCollectionNames().into(existing);
        create(type, existing);
        create(StoreDatabase.historyName(type), existing);
        build(database.current(type), TypeIndexes.ofPositions());
        build(database.history(type), TypeIndexes.ofPositionsInHistory());
    }

    /** What histories need, and these. */
    void searches(String type, Collection<WantedIndex> some) {
        build(database.current(type), TypeIndexes.ofCurrentWith(some));
        build(database.history(type), TypeIndexes.ofHistory());
    }

    /** What searches need of a type that has the rest already; first goes what nothing needs, where that is configured, for there is room for 64. */
    void more(String type, TypeIndexes indexes, Collection<WantedIndex> some) {
        dropExtra(type, indexes);
        build(database.current(type), List.copyOf(some));
    }

    /** Of a type of which there is nothing: what only searches need. */
    void dropOfSearches(String type, TypeIndexes indexes) {
        List<WantedIndex> kept = Stream.concat(
                        TypeIndexes.ofPositions().stream(), TypeIndexes.ofCurrentWith(List.of()).stream())
                .toList();
        List<WantedIndex> dropped = indexes.ofSearches(type).stream()
                .filter(index -> !kept.contains(index))
                .toList();
        List<BsonString> names = FoundIndex.of(database.current(type)).stream()
                .filter(index -> dropped.stream().anyMatch(index::is))
                .map(index -> new BsonString(index.name()))
                .toList();
        if (!names.isEmpty()) {
            database.database()
                    .runCommand(new BsonDocument("dropIndexes", new BsonString(type))
                            .append("index", new BsonArray(names)));
        }
    }

    /** Returns the names of indexes that nothing needs and that are still there. */
    List<String> unneeded(String type, TypeIndexes indexes) {
        dropExtra(type, indexes);
        List<String> leftOut = indexes.leftOut(type);
        if (!leftOut.isEmpty()) {
            LOG.warn(
                    "{} would need more than {} indexes for searches; without one: {}",
                    type,
                    IndexKey.AT_MOST,
                    leftOut);
        }
        return extra(type, indexes);
    }

    private void create(String collection, Set<String> existing) {
        if (existing.contains(collection)) {
            return;
        }
        try {
            database.database().createCollection(collection, COMPRESSED);
        } catch (MongoCommandException e) {
            if (e.getErrorCode() != NAMESPACE_EXISTS) {
                throw e;
            }
        }
    }

    /**
     * One command for all, so that the server reads the collection once. It names those that are there too: the list of
     * indexes has those that another server is still building, and only the command waits for them.
     */
    private void build(MongoCollection<RawBsonDocument> collection, List<WantedIndex> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        List<FoundIndex> found = FoundIndex.of(collection);
        List<IndexModel> models =
                wanted.stream().map(index -> model(collection, index, found)).toList();
        LOG.debug("making sure of {} indexes of {}", models.size(), collection.getNamespace());
        database.patiently(collection).createIndexes(models, quorum());
    }

    /** A member that is down keeps nobody from what the others have built, as it would where all had to have it; it builds it when it is back. */
    private CreateIndexOptions quorum() {
        CreateIndexOptions options = new CreateIndexOptions();
        return database.hasTransactions() ? options.commitQuorum(CreateIndexCommitQuorum.MAJORITY) : options;
    }

    private static IndexModel model(
            MongoCollection<RawBsonDocument> collection, WantedIndex wanted, List<FoundIndex> found) {
        String name = wanted.name();
        for (FoundIndex index : found) {
            if (index.hasKeysOf(wanted)) {
                if (!index.is(wanted)) {
                    throw new IllegalStateException("index " + index.definition() + " of " + collection.getNamespace()
                            + " has options that leave documents out or change their order; wanted: " + wanted
                            + ". Drop it, or configure that extra indexes are dropped");
                }
                name = index.name();
            }
        }
        IndexOptions options = new IndexOptions().name(name);
        if (wanted.among() != null) {
            options.partialFilterExpression(wanted.among());
        }
        return new IndexModel(wanted.keys(), options);
    }

    private void dropExtra(String type, TypeIndexes indexes) {
        if (dropExtra) {
            extra(type, indexes).forEach(database.current(type)::dropIndex);
        }
    }

    private List<String> extra(String type, TypeIndexes indexes) {
        List<WantedIndex> wanted = Stream.concat(TypeIndexes.ofPositions().stream(), indexes.ofCurrent(type).stream())
                .toList();
        return FoundIndex.of(database.current(type)).stream()
                .filter(index ->
                        !index.name().equals(ID_INDEX) && wanted.stream().noneMatch(index::is))
                .map(FoundIndex::name)
                .sorted()
                .toList();
    }
}
