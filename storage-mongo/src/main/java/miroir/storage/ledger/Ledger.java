package miroir.storage.ledger;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.result.UpdateResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.storage.MongoStoreSettings;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Documents that one process at a time may change: the one with the lease. A change and the proof of the lease are one
 * transaction that writes to the lease's document, so that of a new holder and an old one that wakes only one can succeed.
 */
public final class Ledger implements AutoCloseable {
    /** Where synchronisations stand; servers read how old copies are. */
    public static final String SYNCHRONISATIONS = "miroir_synchronisations";

    /** Where leases stand. */
    public static final String JOBS = "miroir_jobs";

    private static final int NAMESPACE_EXISTS = 48;

    private final MongoStoreSettings settings;

    /** Made when somebody first asks: a server to whose console nobody comes has no connections for it. */
    private @Nullable MongoClient client;

    private boolean isClosed;

    private Ledger(MongoStoreSettings settings) {
        this.settings = settings;
    }

    /** The one in the database of a store. */
    public static Ledger open(MongoStoreSettings settings) {
        return new Ledger(settings);
    }

    private synchronized MongoClient client() {
        if (isClosed) {
            throw new IllegalStateException("the ledger is closed");
        }
        MongoClient known = client;
        if (known == null) {
            known = MongoClients.create(settings.clientSettings());
            client = known;
        }
        return known;
    }

    private MongoDatabase database() {
        return client().getDatabase(settings.database());
    }

    private TakeLease takeLease() {
        return new TakeLease(collection(JOBS));
    }

    /** Makes a collection where it is missing: nothing is made within a transaction. */
    public void makeSure(String collection) {
        failures("making the collection " + collection, () -> {
            try {
                database().createCollection(collection);
            } catch (MongoCommandException e) {
                if (e.getErrorCode() != NAMESPACE_EXISTS) {
                    throw e;
                }
            }
            return collection;
        });
    }

    /** Has documents vanish once the instant in that field has passed. */
    public void expireBy(String collection, String field) {
        failures(
                "making an index of " + collection,
                () -> collection(collection)
                        .createIndex(Indexes.ascending(field), new IndexOptions().expireAfter(0L, TimeUnit.SECONDS)));
    }

    /** Has documents of one value found in the order of another field. */
    public void orderBy(String collection, String value, String field) {
        failures(
                "making an index of " + collection,
                () -> collection(collection).createIndex(Indexes.ascending(value, field)));
    }

    /** Takes the lease on a job; empty where somebody else has it. */
    public Optional<Lease> take(String job, String holder, Duration length) {
        return failures("taking the lease of " + job, () -> takeLease().take(job, holder, length));
    }

    /** Whether an import fills the database, or one was broken off: nobody else does anything with it then. */
    public boolean isBeingFilled() {
        return find("miroir_search", "in force")
                .filter(board -> board.containsKey("filling"))
                .isPresent();
    }

    /** Holds it for longer; empty where somebody else has it. */
    public Optional<Lease> keep(Lease lease, Duration length) {
        return failures("keeping the lease of " + lease.job(), () -> takeLease().keep(lease, length));
    }

    /** Lets others have it at once. */
    public void giveBack(Lease lease) {
        failures("giving back the lease of " + lease.job(), () -> {
            takeLease().giveBack(lease);
            return lease;
        });
    }

    /** Those of a collection in which each document has a lease of its own. */
    public LeasedDocuments leased(String collection) {
        return new LeasedDocuments(collection, () -> collection(collection));
    }

    /** The document of that id. */
    public Optional<BsonDocument> find(String collection, String id) {
        return failures(
                "reading " + collection,
                () -> Optional.ofNullable(
                        collection(collection).find(Filters.eq("_id", id)).first()));
    }

    /** Documents that have these values, in the order of a field, the greatest first; at most so many. */
    public List<BsonDocument> list(String collection, BsonDocument values, String newestBy, int limit) {
        return failures(
                "reading " + collection,
                () -> collection(collection)
                        .find(values)
                        .sort(Sorts.descending(newestBy))
                        .limit(limit)
                        .into(new ArrayList<>()));
    }

    /** The same without some of their fields. */
    public List<BsonDocument> listWithout(
            List<String> fields, String collection, BsonDocument values, String newestBy, int limit) {
        return list(Projections.exclude(fields), collection, values, newestBy, limit);
    }

    /** The same with no more than some of their fields. */
    public List<BsonDocument> listOnly(
            List<String> fields, String collection, BsonDocument values, String newestBy, int limit) {
        return list(Projections.include(fields), collection, values, newestBy, limit);
    }

    private List<BsonDocument> list(Bson fields, String collection, BsonDocument values, String newestBy, int limit) {
        return failures(
                "reading " + collection,
                () -> collection(collection)
                        .find(values)
                        .projection(fields)
                        .sort(Sorts.descending(newestBy))
                        .limit(limit)
                        .into(new ArrayList<>()));
    }

    /** Puts up a document that anybody may, such as a command. */
    public void post(String collection, BsonDocument document) {
        failures("writing " + collection, () -> collection(collection).insertOne(document));
    }

    /**
     * Makes the changes, all or none.
     *
     * @throws LeaseLost where somebody else has the lease
     */
    public void change(Lease lease, List<Change> changes) {
        failures("writing down what was done", () -> {
            try (ClientSession session = client().startSession()) {
                return session.withTransaction(() -> changeWithin(session, lease, changes));
            }
        });
    }

    private Lease changeWithin(ClientSession session, Lease lease, List<Change> changes) {
        UpdateResult fenced = collection(JOBS)
                .updateOne(
                        session,
                        TakeLease.mine(lease),
                        new BsonDocument("$inc", new BsonDocument("writes", new BsonInt64(1))));
        if (fenced.getMatchedCount() == 0) {
            throw new LeaseLost(lease);
        }
        for (Change change : changes) {
            MongoCollection<BsonDocument> collection = collection(change.collection());
            BsonDocument update = change.update();
            if (update == null) {
                collection.deleteOne(session, Filters.eq("_id", change.id()));
            } else {
                collection.updateOne(session, Filters.eq("_id", change.id()), update, new UpdateOptions().upsert(true));
            }
        }
        return lease;
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        MongoClient known = client;
        if (known != null) {
            known.close();
        }
    }

    private MongoCollection<BsonDocument> collection(String name) {
        return database().getCollection(name, BsonDocument.class);
    }

    static <T> T failures(String asked, Supplier<T> call) {
        try {
            return call.get();
        } catch (MongoException e) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY, "the database does not do it (" + asked + "): " + e.getMessage());
        }
    }
}
