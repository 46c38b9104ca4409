package miroir.storage.access;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.MongoServerException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.KeptAccess;
import miroir.storage.MongoStoreSettings;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonNumber;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register of access in the database: one document for each role, group, consumer and administrator, and one for each open session.
 *
 * <p>A document is {@code {_id, version, stamp, content}}. Its version goes up with each change, and who changes it names the one that he has seen; what is made
 * begins with the time, so that what was removed and made again has none of the versions of before. Its stamp is random. Whoever follows the register
 * compares all stamps: so nothing is missed for clocks that differ, nor what was removed, restored or changed by hand.
 *
 * <p>It has connections of its own: who may do something is found out even while searches hold all the others.
 */
public final class AccessDocuments implements KeptAccess {
    private static final String ID = "_id";
    private static final String VERSION = "version";
    private static final String STAMP = "stamp";
    private static final String CONTENT = "content";
    private static final String UNTIL = "until";
    private static final String GONE = "gone";
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    private static final int CONNECTIONS = 8;

    /** Whoever asks waits for it. */
    private static final long MOST_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(AccessDocuments.class);

    private final MongoClient client;
    private final MongoDatabase database;
    private final MongoCollection<BsonDocument> register;
    private final MongoCollection<BsonDocument> sessions;
    private final MongoCollection<BsonDocument> uses;
    private volatile boolean prepared;

    private AccessDocuments(MongoClient client, MongoDatabase database) {
        this.client = client;
        this.database = database;
        this.register = collection("miroir_access");
        this.sessions = collection("miroir_sessions");
        this.uses = collection("miroir_token_uses");
    }

    /** Opens it in the database of a store, which need not be there yet. */
    public static AccessDocuments open(MongoStoreSettings settings) {
        MongoClient client = MongoClients.create(MongoClientSettings.builder(settings.clientSettings())
                .applyToConnectionPoolSettings(pool -> pool.minSize(0).maxSize(CONNECTIONS))
                .build());
        return new AccessDocuments(client, client.getDatabase(settings.database()));
    }

    private MongoCollection<BsonDocument> collection(String name) {
        return database.getCollection(name, BsonDocument.class);
    }

    @Override
    public Map<String, String> stamps() {
        return failures("reading who may do what", () -> {
            Map<String, String> stamps = new HashMap<>();
            register.find()
                    .projection(Projections.include(STAMP))
                    .maxTime(MOST_MILLIS, TimeUnit.MILLISECONDS)
                    .forEach(document -> stamps.put(id(document), String.valueOf(document.get(STAMP))));
            return stamps;
        });
    }

    @Override
    public List<Kept> read(Collection<String> ids) {
        return failures(
                "reading who may do what",
                () -> register.find(Filters.in(ID, ids))
                        .maxTime(MOST_MILLIS, TimeUnit.MILLISECONDS)
                        .map(AccessDocuments::read)
                        .into(new ArrayList<>()));
    }

    @Override
    public Optional<Kept> find(String id) {
        return read(List.of(id)).stream().findFirst();
    }

    @Override
    public Optional<Kept> create(String id, BsonDocument content) {
        return failures("writing " + id, () -> {
            BsonDocument document = new BsonDocument(ID, new BsonString(id))
                    .append(VERSION, new BsonInt64(System.currentTimeMillis()))
                    .append(STAMP, newStamp())
                    .append(CONTENT, content);
            try {
                register.insertOne(document);
                return Optional.of(read(document));
            } catch (MongoServerException e) {
                if (ErrorCategory.fromErrorCode(e.getCode()) == ErrorCategory.DUPLICATE_KEY) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public Optional<Kept> replace(String id, long version, BsonDocument content) {
        Bson update = Updates.combine(
                Updates.set(CONTENT, content), Updates.set(STAMP, newStamp()), Updates.set(VERSION, version + 1));
        return failures(
                "writing " + id,
                () -> Optional.ofNullable(register.findOneAndUpdate(
                                present(id, version),
                                update,
                                new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER)))
                        .map(AccessDocuments::read));
    }

    @Override
    public boolean remove(String id, long version) {
        return failures(
                "removing " + id, () -> register.deleteOne(present(id, version)).getDeletedCount() == 1);
    }

    private static BsonString newStamp() {
        return new BsonString(new ObjectId().toHexString());
    }

    private static Bson present(String id, long version) {
        return Filters.and(Filters.eq(ID, id), Filters.eq(VERSION, version));
    }

    /** What somebody changed by hand may be anything. */
    private static Kept read(BsonDocument document) {
        return new Kept(
                id(document),
                document.get(VERSION) instanceof BsonNumber version ? version.longValue() : 0,
                String.valueOf(document.get(STAMP)),
                document.get(CONTENT) instanceof BsonDocument content ? content : new BsonDocument());
    }

    private static String id(BsonDocument document) {
        return document.get(ID) instanceof BsonString id ? id.getValue() : String.valueOf(document.get(ID));
    }

    @Override
    public void openSession(String id, BsonDocument content, Duration length) {
        failures("opening a session", () -> {
            prepare();
            return sessions.updateOne(
                    Filters.eq(ID, id),
                    List.of(new BsonDocument(
                            "$set",
                            new BsonDocument(CONTENT, new BsonDocument("$literal", content))
                                    .append(UNTIL, in(length)))),
                    new UpdateOptions().upsert(true));
        });
    }

    @Override
    public Optional<BsonDocument> findSession(String id) {
        return failures(
                "reading a session",
                () -> Optional.ofNullable(sessions.find(Filters.and(
                                        Filters.eq(ID, id),
                                        Filters.expr(new BsonDocument("$gt", array("$" + UNTIL, "$$NOW")))))
                                .first())
                        .map(found -> found.getDocument(CONTENT)));
    }

    @Override
    public void closeSession(String id) {
        failures("closing a session", () -> sessions.deleteOne(Filters.eq(ID, id)));
    }

    @Override
    public void closeSessions(String field, String value) {
        failures("closing sessions", () -> sessions.deleteMany(Filters.eq(CONTENT + "." + field, value)));
    }

    @Override
    public boolean noteUses(Map<String, Long> calls) {
        List<UpdateOneModel<BsonDocument>> notes = calls.entrySet().stream()
                .map(use -> new UpdateOneModel<BsonDocument>(
                        Filters.eq(ID, use.getKey()),
                        CallsByHour.of(Instant.now()).adding(use.getValue()),
                        new UpdateOptions().upsert(true)))
                .toList();
        return notes.isEmpty() || failures("noting uses", () -> isSent(notes));
    }

    /** Who waited in vain for a server, or a connection, has sent nothing. */
    private boolean isSent(List<UpdateOneModel<BsonDocument>> notes) {
        try {
            return uses.bulkWrite(notes, new BulkWriteOptions().ordered(false)).wasAcknowledged();
        } catch (MongoTimeoutException e) {
            LOG.debug("uses of tokens are noted later", e);
            return false;
        }
    }

    /** What is noted by another server after that has the mark as well, and vanishes with it. */
    @Override
    public void forgetUses(Collection<String> tokens) {
        List<UpdateOneModel<BsonDocument>> marks = tokens.stream()
                .map(token -> new UpdateOneModel<BsonDocument>(
                        Filters.eq(ID, token), Updates.currentDate(GONE), new UpdateOptions().upsert(true)))
                .toList();
        if (!marks.isEmpty()) {
            failures("forgetting uses", () -> {
                uses.createIndex(
                        Indexes.ascending(GONE),
                        new IndexOptions().expireAfter(FORGOTTEN_AFTER.toSeconds(), TimeUnit.SECONDS));
                return uses.bulkWrite(marks, new BulkWriteOptions().ordered(false));
            });
        }
    }

    @Override
    public Map<String, Use> uses(List<String> tokens) {
        CallsByHour hours = CallsByHour.of(Instant.now());
        return failures("reading uses", () -> {
            Map<String, Use> found = new HashMap<>();
            uses.find(Filters.and(Filters.in(ID, tokens), Filters.exists(CallsByHour.LAST)))
                    .forEach(use -> found.put(
                            use.getString(ID).getValue(),
                            new Use(
                                    Instant.ofEpochMilli(
                                            use.getDateTime(CallsByHour.LAST).getValue()),
                                    hours.ofADay(use))));
            return found;
        });
    }

    private static BsonDocument in(Duration length) {
        return new BsonDocument("$add", array("$$NOW", length.toMillis()));
    }

    private static BsonArray array(String first, Object second) {
        BsonValue other = second instanceof Long number ? new BsonInt64(number) : new BsonString(second.toString());
        return new BsonArray(List.of(new BsonString(first), other));
    }

    /** Makes the index; whoever needs it first does so. */
    private void prepare() {
        if (!prepared) {
            sessions.createIndex(Indexes.ascending(UNTIL), new IndexOptions().expireAfter(0L, TimeUnit.SECONDS));
            prepared = true;
        }
    }

    private static <T> T failures(String asked, Supplier<T> call) {
        try {
            return call.get();
        } catch (MongoException e) {
            // What the driver says names hosts and users, and anybody may be answered here.
            LOG.warn("{} failed: {}", asked, e.getMessage());
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "who may do what cannot be found out at the moment: the database is away");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
