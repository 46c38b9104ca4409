package miroir.benchmarks.ingest;

import com.mongodb.client.MongoClient;
import java.util.Set;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.structure.ServedTypes;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;

/** An empty store of the directory's types, with the search fields and indexes as they are shipped; it goes with its database. */
record DirectoryStore(MongoResourceStore store, MongoStoreSettings settings, MongoClient client)
        implements AutoCloseable {

    static DirectoryStore open(MongoClient client, String uri, String name) throws InterruptedException {
        client.getDatabase(name).drop();
        Set<String> types = ServedTypes.of(ServedTypes.DIRECTORY);
        SearchParameterRegistry registry = RegistryLoader.load(types, ShippedSearch.files());
        MongoStoreSettings settings = MongoStoreSettings.of(uri, name, types);
        MongoResourceStore store = MongoResourceStore.open(
                settings, registry, new FieldExtractor(registry, new ExtractionSettings(settings.zone(), Set.of())));
        while (!store.readiness().ready()) {
            Thread.sleep(50);
        }
        return new DirectoryStore(store, settings, client);
    }

    @Override
    public void close() {
        store.close();
        client.getDatabase(settings.database()).drop();
    }
}
