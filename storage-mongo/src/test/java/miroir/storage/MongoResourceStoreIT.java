package miroir.storage;

import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceStoreContract;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MongoResourceStoreIT implements ResourceStoreContract {
    private final TestDatabase database;
    private final MongoResourceStore store;

    MongoResourceStoreIT(TestDatabase database) {
        this.database = database;
        this.store = OpenStores.ready(database);
    }

    @BeforeEach
    void empty() {
        OpenStores.empty(database);
    }

    @AfterAll
    void close() {
        store.close();
    }

    @Override
    public ResourceStore store() {
        return store;
    }
}
