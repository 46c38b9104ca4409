package miroir.storage;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.event.CommandListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import miroir.index.store.ContractFields;
import miroir.index.store.MakeSearch;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchInForce;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonValue;

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
        awaitSearchable(store);
        return store;
    }

    /** With somebody who is told about every command. */
    static MongoResourceStore ready(TestDatabase database, CommandListener listener) {
        MongoStoreSettings settings = settings(database);
        MongoResourceStore store = MongoResourceStore.open(
                new StoreDatabase(settings, List.of(listener)),
                settings,
                ContractFields.registry(),
                new ContractFields(),
                FloorTerms.usual());
        awaitSearchable(store);
        return store;
    }

    /** Who looks often and waits for nobody for long. */
    static SearchTerms quick() {
        Duration often = Duration.ofMillis(20);
        return new SearchTerms(
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                often,
                often,
                often,
                Duration.ofMillis(500),
                SearchTerms.usual().fewEnded());
    }

    static MongoResourceStore open(TestDatabase database, MakeSearch makeSearch) {
        MongoStoreSettings settings = settings(database);
        return open(new StoreDatabase(settings), settings, makeSearch);
    }

    static MongoResourceStore open(StoreDatabase inside, MongoStoreSettings settings, MakeSearch makeSearch) {
        return MongoResourceStore.open(inside, settings, makeSearch, FloorTerms.usual(), quick());
    }

    /** Until nothing is pending. */
    static void awaitSearchable(MongoResourceStore store) {
        awaitReady(store);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> isSearchable(store.inForce()));
    }

    private static boolean isSearchable(SearchInForce inForce) {
        return inForce.made().registry().types().stream()
                .allMatch(type -> inForce.made().registry().of(type).stream()
                        .allMatch(parameter ->
                                inForce.pending().why(type, parameter.code()).isEmpty()));
    }

    static void awaitReady(ResourceStore store) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> store.readiness().ready());
    }

    /** The number of the search fields of a document, as it was counted on its database. */
    static int number(Map<String, BsonValue> document) {
        return document.get("x") instanceof BsonInt64 number ? FieldsNumber.counted(number.getValue()) : 0;
    }

    /** Leaves collections and indexes, and removes what is in them, but for what open stores have agreed on. */
    static void empty(TestDatabase database) {
        inside(database, inside -> {
            for (String name : inside.listCollectionNames()) {
                if (!name.equals("miroir_search")) {
                    documents(inside, name).deleteMany(Filters.ne("_id", "format"));
                }
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
