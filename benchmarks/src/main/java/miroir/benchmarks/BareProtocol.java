package miroir.benchmarks;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * The least that a write of a version costs: the steps of the protocol on the driver, with documents that are ready, without
 * HTTP, JSON, checks and extraction. Its database has the same collections, indexes and documents.
 */
final class BareProtocol implements AutoCloseable {
    private static final long BEYOND_ALL = 1_000_000_000L;

    private final MongoClient client;
    private final MongoCollection<RawBsonDocument> current;
    private final MongoCollection<RawBsonDocument> history;
    private final MongoCollection<BsonDocument> written;
    private final AtomicLong position = new AtomicLong(BEYOND_ALL);

    BareProtocol(String uri, String name) {
        this.client = MongoClients.create(uri);
        MongoDatabase database = client.getDatabase(name).withWriteConcern(WriteConcern.MAJORITY.withJournal(true));
        this.current = database.getCollection(Database.TYPE, RawBsonDocument.class);
        this.history = database.getCollection(Database.TYPE + "_history", RawBsonDocument.class);
        this.written = database.getCollection(Database.TYPE, BsonDocument.class);
    }

    /** The stored document of a resource, to be written again and again. */
    BsonDocument stored(String id) {
        RawBsonDocument found = current.find(Filters.eq("_id", id)).first();
        if (found == null) {
            throw new IllegalStateException("there is no practitioner " + id);
        }
        return found.clone();
    }

    /** Reads the current version, keeps it in history, replaces it, closes it. */
    void update(BsonDocument ready) {
        BsonValue id = ready.get("_id");
        RawBsonDocument before = current.find(Filters.eq("_id", id)).first();
        if (before == null) {
            throw new IllegalStateException("there is no practitioner " + id);
        }
        BsonInt64 version = before.getInt64("v");
        BsonDocument superseded = new BsonDocument("_id", new BsonDocument("id", id).append("v", version));
        before.forEach(superseded::putIfAbsent);
        history.withDocumentClass(BsonDocument.class).insertOne(superseded);
        BsonDocument next = version(ready, version.getValue() + 1);
        written.replaceOne(Filters.and(Filters.eq("_id", id), Filters.eq("v", version)), next);
        history.updateOne(Filters.eq("_id", superseded.get("_id")), Updates.set("to", next.getDateTime("from")));
    }

    /** Sees that there is nothing under another id, and inserts a first version. */
    void create(BsonDocument ready, String id) {
        if (current.find(Filters.eq("_id", id)).first() != null) {
            throw new IllegalStateException("there is a practitioner " + id);
        }
        BsonDocument first = version(ready, 1);
        first.put("_id", new BsonString(id));
        first.put("n", new BsonInt64(position.incrementAndGet()));
        written.insertOne(first);
    }

    private static BsonDocument version(BsonDocument ready, long number) {
        long now = System.currentTimeMillis();
        BsonDocument version = new BsonDocument();
        version.putAll(ready);
        version.put("v", new BsonInt64(number));
        version.put("from", new BsonDateTime(now));
        version.put("t_lastupdated", new BsonInt64(now));
        return version;
    }

    @Override
    public void close() {
        client.close();
    }
}
