package miroir.storage;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import org.bson.BsonBinary;
import org.bson.BsonDocument;

/**
 * Keeps a query that is too long for a link until the link expires; MongoDB deletes it then. The name is the query's hash,
 * so that the pages of one search, and the same search made again, keep one document and only move its end.
 */
final class KeepQuery {
    static final String QUERY = "query";
    private static final String UNTIL = "until";

    private final StoreDatabase database;
    private volatile boolean expiring;

    KeepQuery(StoreDatabase database) {
        this.database = database;
    }

    String run(byte[] query, Instant until) {
        String name = name(query);
        expiring()
                .updateOne(
                        Filters.eq(StoredFields.ID, name),
                        Updates.combine(
                                Updates.setOnInsert(QUERY, new BsonBinary(query)),
                                Updates.max(UNTIL, Date.from(until))),
                        new UpdateOptions().upsert(true));
        return name;
    }

    /** The collection with the index by which its documents expire; whoever needs it first makes it. */
    private MongoCollection<BsonDocument> expiring() {
        MongoCollection<BsonDocument> queries = database.queries();
        if (!expiring) {
            queries.createIndex(Indexes.ascending(UNTIL), new IndexOptions().expireAfter(0L, TimeUnit.SECONDS));
            expiring = true;
        }
        return queries;
    }

    private static String name(byte[] query) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(query);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
