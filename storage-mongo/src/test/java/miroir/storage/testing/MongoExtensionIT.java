package miroir.storage.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
final class MongoExtensionIT {
    private final TestDatabase fromConstructor;

    MongoExtensionIT(TestDatabase database) {
        this.fromConstructor = database;
    }

    @Test
    void database_askedTwice_isTheSame(TestDatabase database) {
        assertThat(database).isEqualTo(fromConstructor);
    }

    @Test
    void database_inTransaction_commits(TestDatabase database) {
        try (MongoClient client = MongoClients.create(database.uri());
                ClientSession session = client.startSession()) {
            session.withTransaction(() -> client.getDatabase(database.name())
                    .getCollection("sample")
                    .insertOne(session, new Document("_id", 1)));

            assertThat(client.getDatabase(database.name())
                            .getCollection("sample")
                            .countDocuments())
                    .isEqualTo(1);
        }
    }
}
