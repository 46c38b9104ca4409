package miroir.benchmarks.ingest;

import com.mongodb.client.MongoClient;
import miroir.benchmarks.Database;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;

/** An empty store of the directory's types; it goes with its database. */
record DirectoryStore(Database database, MongoClient client) implements AutoCloseable {

    static DirectoryStore open(MongoClient client, String uri, String name) throws InterruptedException {
        client.getDatabase(name).drop();
        return new DirectoryStore(Database.open(uri, name), client);
    }

    MongoResourceStore store() {
        return database.store();
    }

    MongoStoreSettings settings() {
        return database.settings();
    }

    @Override
    public void close() {
        database.close();
        client.getDatabase(settings().database()).drop();
    }
}
