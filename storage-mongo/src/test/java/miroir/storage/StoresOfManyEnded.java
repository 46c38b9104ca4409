package miroir.storage;

import miroir.index.SearchParameterRegistry;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchFields;
import miroir.storage.testing.TestDatabase;

/** Stores in which a few versions that have ended are many: small tests go the ways of large stores. */
public final class StoresOfManyEnded {
    private static final int FEW = 20;

    private StoresOfManyEnded() {}

    /** Opens one; it is ready when searches are answered. */
    public static ResourceStore open(
            TestDatabase database, SearchParameterRegistry registry, SearchFields searchFields) {
        MongoStoreSettings settings = MongoStoreSettings.of(database.uri(), database.name(), registry.types());
        ResourceStore store = MongoResourceStore.open(
                new StoreDatabase(settings),
                settings,
                new SameSearch(registry, searchFields, settings.zone()),
                FloorTerms.usual(),
                SearchTerms.usual().withFewEnded(FEW));
        OpenStores.awaitReady(store);
        return store;
    }
}
