package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

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
    private final ShardKeys keys;
    private final MongoResourceStore store;

    MongoResourceStoreIT(TestDatabase database) {
        this.database = database;
        this.keys = new ShardKeys(database.name());
        this.store = OpenStores.ready(database, keys);
    }

    @BeforeEach
    void empty() {
        OpenStores.empty(database);
    }

    @AfterAll
    void close() {
        store.close();
        assertThat(keys.refused()).as("what a router of MongoDB would refuse").isEmpty();
    }

    @Override
    public ResourceStore store() {
        return store;
    }
}
