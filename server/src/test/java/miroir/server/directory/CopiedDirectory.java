package miroir.server.directory;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.store.ResourceKey;
import miroir.index.structure.ServedTypes;
import miroir.server.TestServer;
import miroir.simulator.Kind;
import miroir.storage.Mirrored;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;
import miroir.storage.testing.TestDatabase;
import org.bson.RawBsonDocument;

/** A server with the types of the directory and a copy of a made-up one. */
final class CopiedDirectory {
    private static final int AT_ONCE = 500;
    private static final Instant CHANGED = Instant.parse("2026-11-01T00:00:00Z");

    private CopiedDirectory() {}

    static TestServer start(String yaml, TestDatabase database, Map<Kind, Stream<RawBsonDocument>> resources)
            throws Exception {
        Set<String> types = ServedTypes.of(ServedTypes.DIRECTORY);
        SearchParameterRegistry registry = RegistryLoader.load(types, ShippedSearch.files());
        MongoStoreSettings settings = MongoStoreSettings.of(database.uri(), database.name(), types);
        FieldExtractor fields = new FieldExtractor(registry, new ExtractionSettings(settings.zone(), Set.of()));
        MongoResourceStore store = MongoResourceStore.open(settings, registry, fields);
        await().atMost(Duration.ofMinutes(2)).until(() -> store.readiness().ready());
        resources.forEach((kind, ofKind) -> copy(store, kind, ofKind));
        return TestServer.start(yaml, store, registry);
    }

    private static void copy(MongoResourceStore store, Kind kind, Stream<RawBsonDocument> resources) {
        List<Mirrored> all = resources.map(resource -> mirrored(kind, resource)).toList();
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            store.mirrored()
                    .ingest(
                            "test",
                            kind.type(),
                            all.subList(from, Math.min(from + AT_ONCE, all.size())),
                            Instant.now().plus(Duration.ofMinutes(10)));
        }
    }

    private static Mirrored mirrored(Kind kind, RawBsonDocument resource) {
        return new Mirrored(
                new ResourceKey(kind.type(), resource.getString("id").getValue()), resource, CHANGED);
    }
}
