package miroir.storage;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * What a database began with. Whoever fills an empty one for show writes that down in it, and knows it again whatever address leads
 * there; a note elsewhere would hold for the next database at the same address.
 */
public final class Beginning implements AutoCloseable {
    private static final BsonString ID = new BsonString("began for show");

    /** What servers make by themselves and holds nothing of anybody's. */
    private static final String OF_SERVERS = "miroir_";

    /** Nothing has been copied perhaps, but somebody wants it to be. */
    private static final Set<String> OF_SOMEBODY = Set.of("miroir_synchronisations");

    private final MongoClient client;
    private final MongoDatabase database;

    private Beginning(MongoClient client, MongoDatabase database) {
        this.client = client;
        this.database = database;
    }

    /** That of a store's database, which need not be open. */
    public static Beginning open(MongoStoreSettings settings) {
        MongoClient client = MongoClients.create(settings.clientSettings());
        return new Beginning(client, client.getDatabase(settings.database()));
    }

    /** Whether it began for show. */
    public boolean wasForShow() {
        return Refusing.failures(
                "reading what the database began with",
                () -> state().find(Filters.eq(StoredFields.ID, ID)).first() != null);
    }

    /** A collection in which something is stored, of whichever program. */
    public Optional<String> filled() {
        return Refusing.failures("looking whether the database is empty", () -> {
            for (String name : database.listCollectionNames()) {
                if (holds(name) && database.getCollection(name).find().first() != null) {
                    return Optional.of(name);
                }
            }
            return Optional.empty();
        });
    }

    private static boolean holds(String name) {
        return OF_SOMEBODY.contains(name) || !(name.startsWith(OF_SERVERS) || name.startsWith("system."));
    }

    /** Writes down that what is stored is for show. */
    public void isForShow() {
        Refusing.failures(
                "writing down what the database began with",
                () -> state().insertOne(new BsonDocument(StoredFields.ID, ID)));
    }

    private MongoCollection<BsonDocument> state() {
        return database.getCollection("miroir_state", BsonDocument.class);
    }

    @Override
    public void close() {
        client.close();
    }
}
