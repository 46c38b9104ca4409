package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import java.security.SecureRandom;
import java.util.Objects;
import org.bson.BsonBinary;
import org.bson.BsonDocument;

/**
 * Gives every process the same random bytes. Whoever comes first proposes them, in one atomic upsert; everybody takes
 * what is there afterwards, so that two who begin together still agree.
 */
final class ShareSecret {
    private static final int BYTES = 32;
    private static final String VALUE = "secret";

    private final StoreDatabase database;
    private final SecureRandom random = new SecureRandom();

    ShareSecret(StoreDatabase database) {
        this.database = database;
    }

    byte[] run(String name) {
        byte[] proposed = new byte[BYTES];
        random.nextBytes(proposed);
        BsonDocument agreed = database.secrets()
                .findOneAndUpdate(
                        Filters.eq(StoredFields.ID, name),
                        Updates.setOnInsert(VALUE, new BsonBinary(proposed)),
                        new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER));
        return Objects.requireNonNull(agreed).getBinary(VALUE).getData();
    }
}
