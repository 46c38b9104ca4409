package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import java.security.SecureRandom;
import java.util.List;
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

    /** Of links to pages and places in streams, and by which a copy in SQL knows its database. */
    private static final List<String> OF_FOLLOWERS = List.of("page-links", "sql-copies");

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

    /** Has all who followed what was in the database, by links or as a copy, begin anew. */
    void forgetThoseOfFollowers() {
        database.secrets().deleteMany(Filters.in(StoredFields.ID, OF_FOLLOWERS));
    }
}
