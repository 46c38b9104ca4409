package miroir.benchmarks;

import java.time.ZoneId;
import java.util.Set;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;

/** The store that all ways read from, with the search configuration as it is shipped. */
record Database(MongoResourceStore store, SearchParameterRegistry registry, FieldExtractor fields)
        implements AutoCloseable {
    static final String TYPE = "Practitioner";

    static Database open(String uri, String name) {
        Set<String> types = Set.of(TYPE);
        SearchParameterRegistry registry = RegistryLoader.load(types, ShippedSearch.files());
        FieldExtractor extractor =
                new FieldExtractor(registry, new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of()));
        MongoResourceStore store =
                MongoResourceStore.open(MongoStoreSettings.of(uri, name, types), registry, extractor);
        return new Database(store, registry, extractor);
    }

    /** Waits until searches are answered from indexes. */
    void awaitReady() throws InterruptedException {
        while (!store.readiness().ready()) {
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
