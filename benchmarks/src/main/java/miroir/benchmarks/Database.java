package miroir.benchmarks;

import java.util.Set;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.structure.ServedTypes;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;

/** A store of the directory's types, with the search configuration as it is shipped. */
public record Database(
        MongoResourceStore store, MongoStoreSettings settings, SearchParameterRegistry registry, FieldExtractor fields)
        implements AutoCloseable {
    static final String TYPE = "Practitioner";

    /** Opens it and waits until searches are answered from indexes. */
    public static Database open(String uri, String name) throws InterruptedException {
        Set<String> types = ServedTypes.of(ServedTypes.DIRECTORY);
        SearchParameterRegistry registry = RegistryLoader.load(types, ShippedSearch.files());
        MongoStoreSettings settings = MongoStoreSettings.of(uri, name, types);
        FieldExtractor fields = new FieldExtractor(registry, new ExtractionSettings(settings.zone(), Set.of()));
        MongoResourceStore store = MongoResourceStore.open(settings, registry, fields);
        while (!store.readiness().ready()) {
            Thread.sleep(50);
        }
        return new Database(store, settings, registry, fields);
    }

    @Override
    public void close() {
        store.close();
    }
}
