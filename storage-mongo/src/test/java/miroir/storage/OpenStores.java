package miroir.storage;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.time.Duration;
import java.util.function.Consumer;
import miroir.index.store.ContractFields;
import miroir.index.store.ResourceStore;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;

/** Stores of the contract's types on a test database, and a look behind their back. */
final class OpenStores {
    private OpenStores() {}

    static MongoStoreSettings settings(TestDatabase database) {
        return MongoStoreSettings.of(
                database.uri(), database.name(), ContractFields.registry().types());
    }

    static MongoResourceStore ready(TestDatabase database) {
        MongoResourceStore store =
                MongoResourceStore.open(settings(database), ContractFields.registry(), new ContractFields());
        awaitReady(store);
        return store;
    }

    static void awaitReady(ResourceStore store) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> store.readiness().ready());
    }

    /** Leaves collections and indexes, and removes what is in them. */
    static void empty(TestDatabase database) {
        inside(database, inside -> {
            for (String name : inside.listCollectionNames()) {
                documents(inside, name).deleteMany(new BsonDocument());
            }
        });
    }

    static void inside(TestDatabase database, Consumer<MongoDatabase> look) {
        try (MongoClient client = MongoClients.create(database.uri())) {
            look.accept(client.getDatabase(database.name()));
        }
    }

    static MongoCollection<BsonDocument> documents(MongoDatabase inside, String collection) {
        return inside.getCollection(collection, BsonDocument.class);
    }
}
