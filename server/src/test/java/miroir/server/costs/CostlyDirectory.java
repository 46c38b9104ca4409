package miroir.server.costs;

import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.structure.ServedTypes;
import miroir.server.TestServer;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * A made-up directory in a database, behind a server, with the search configuration as it is shipped. Services and devices, which
 * are rare, are stored again and again until there are as many as of the other types, or nothing of theirs could be too much. Beside it
 * there are resources of other types. Of each type many others are deleted.
 *
 * @param types those of the directory
 */
record CostlyDirectory(SearchParameterRegistry registry, Set<String> types, TestServer server, int resourcesPerType)
        implements AutoCloseable {
    private static final long SEED = 20_261_127L;
    private static final int WRITERS = 8;

    /** More than are ever sorted, so that it shows where they are read; of many resources, more than are counted to choose an index. */
    private static final int FEWEST_DELETIONS = 1_100;

    static CostlyDirectory load(TestDatabase database, int resourcesPerType, boolean everything) throws Exception {
        Set<String> types = ServedTypes.of(ServedTypes.DIRECTORY);
        Set<String> all = new LinkedHashSet<>(types);
        all.addAll(OtherResources.types());
        List<ConfigurationText> files = new ArrayList<>(ShippedSearch.files());
        files.add(OtherResources.configuration(types, everything));
        SearchParameterRegistry registry = RegistryLoader.load(all, files);
        ResourceStore store = open(database, registry, all);
        Directory directory = new Directory(SEED, resourcesPerType);
        for (Kind kind : Kind.values()) {
            load(store, directory, kind, resourcesPerType);
        }
        OtherResources.load(store, database, resourcesPerType);
        for (String type : all) {
            delete(store, database, type, Math.max(FEWEST_DELETIONS, resourcesPerType * 11 / 100));
        }
        return new CostlyDirectory(registry, types, TestServer.start("", store, registry), resourcesPerType);
    }

    /** Made-up resources of these types, with the search configuration as it is shipped. */
    static CostlyDirectory ofTypes(TestDatabase database, Set<String> all, int resourcesPerType, long seed)
            throws Exception {
        // A reference that may be to any type is followed to the first, so that has to be one that is referred to.
        Set<String> types = new LinkedHashSet<>(OtherResources.TARGETS);
        types.retainAll(all);
        types.addAll(all);
        SearchParameterRegistry registry = RegistryLoader.load(types, ShippedSearch.files());
        ResourceStore store = open(database, registry, types);
        OtherResources.loadAny(store, database, types, resourcesPerType, new Random(seed));
        for (String type : types) {
            delete(store, database, type, Math.max(FEWEST_DELETIONS, resourcesPerType * 11 / 100));
        }
        return new CostlyDirectory(registry, types, TestServer.start("", store, registry), resourcesPerType);
    }

    private static ResourceStore open(TestDatabase database, SearchParameterRegistry registry, Set<String> types) {
        MongoStoreSettings settings = MongoStoreSettings.of(database.uri(), database.name(), types);
        ResourceStore store = MongoResourceStore.open(
                settings, registry, new FieldExtractor(registry, new ExtractionSettings(settings.zone(), Set.of())));
        await().atMost(Duration.ofMinutes(10)).until(() -> store.readiness().ready());
        return store;
    }

    private static void load(ResourceStore store, Directory directory, Kind kind, int count) throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<?>> written = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int first = writer;
                written.add(writers.submit(() -> LongStream.range(0, count)
                        .filter(number -> number % WRITERS == first)
                        .forEach(number -> put(store, directory, kind, number))));
            }
            for (Future<?> each : written) {
                each.get();
            }
        } finally {
            writers.shutdownNow();
        }
    }

    /** Deletes one resource, and leaves what that leaves so many times: it stands in every index, as what lacks everything does. */
    private static void delete(ResourceStore store, TestDatabase database, String type, int deletions) {
        ResourceKey key = new ResourceKey(type, "deleted");
        BsonDocument resource =
                new BsonDocument("resourceType", new BsonString(type)).append("id", new BsonString(key.id()));
        store.put(Caller.everyone(), key, new RawBsonDocument(resource, new BsonDocumentCodec()), Precondition.none());
        store.delete(Caller.everyone(), key, Precondition.none());
        try (MongoClient client = MongoClients.create(database.uri())) {
            MongoCollection<BsonDocument> current =
                    client.getDatabase(database.name()).getCollection(type, BsonDocument.class);
            BsonDocument deletion = Objects.requireNonNull(
                    current.find(Filters.eq("_id", key.id())).first());
            current.insertMany(IntStream.range(0, deletions)
                    .mapToObj(number -> copy(deletion, number))
                    .toList());
        }
    }

    /** Before all that is there: side by side, deletions are in the way of whoever goes by ids. */
    private static BsonDocument copy(BsonDocument deletion, int number) {
        BsonDocument copy = deletion.clone();
        copy.put("_id", new BsonString("-deleted-" + number));
        copy.put("pn", new BsonInt64(-1 - number));
        return copy;
    }

    private static void put(ResourceStore store, Directory directory, Kind kind, long number) {
        long size = directory.size(kind);
        RawBsonDocument resource = directory.resource(kind, number % size);
        String id = resource.getString("id").getValue() + (number < size ? "" : "-" + number / size);
        BsonDocument copy = resource.decode(new BsonDocumentCodec()).append("id", new BsonString(id));
        store.put(
                Caller.everyone(),
                new ResourceKey(kind.type(), id),
                new RawBsonDocument(copy, new BsonDocumentCodec()),
                Precondition.none());
    }

    @Override
    public void close() {
        server.close();
    }
}
