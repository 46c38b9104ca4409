package miroir.storage.access;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.MongoServerException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
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
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/**
 * The register of access in the database: one document for each role, group, consumer and administrator, and one for each open session.
 *
 * <p>A document is {@code {_id, version, changed, content}}. Its version goes up with each change, and who changes it names the one that he
 * has seen. What is removed stays for a while with the time of its removal, so that whoever asks what has changed since hears of it: {@code changed} is
 * the time of the database's clock, which may be set or be another one after an election, so ask from some time before.
 *
 * <p>It has connections of its own: who may do something is found out even while searches hold all the others.
 */
public final class AccessDocuments implements KeptAccess {
    private static final String ID = "_id";
    private static final String VERSION = "version";
    private static final String CHANGED = "changed";
    private static final String REMOVED = "removed";
    private static final String CONTENT = "content";
    private static final String UNTIL = "until";
    private static final String LAST = "last";
    private static final int CONNECTIONS = 4;

    /** Servers hear of a removal within seconds; whoever comes later does not know what was removed. */
    private static final Duration KEPT_REMOVALS = Duration.ofDays(1);

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
    public List<Kept> changedSince(Instant instant) {
        return failures("reading who may do what", () -> {
            prepare();
            List<Kept> kept = new ArrayList<>();
            register.find(Filters.gte(CHANGED, Date.from(instant))).forEach(document -> kept.add(read(document)));
            return kept;
        });
    }

    @Override
    public Optional<Kept> find(String id) {
        return failures(
                "reading " + id,
                () -> Optional.ofNullable(register.find(Filters.eq(ID, id)).first())
                        .map(AccessDocuments::read)
                        .filter(found -> found.content() != null));
    }

    @Override
    public Optional<Kept> create(String id, BsonDocument content) {
        return failures("writing " + id, () -> {
            prepare();
            try {
                return change(Filters.and(Filters.eq(ID, id), Filters.exists(REMOVED)), content, true);
            } catch (MongoServerException e) {
                if (isDuplicateKey(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public Optional<Kept> replace(String id, long version, BsonDocument content) {
        return failures("writing " + id, () -> change(present(id, version), content, false));
    }

    @Override
    public boolean remove(String id, long version) {
        Bson end = Updates.combine(
                Updates.currentDate(REMOVED),
                Updates.unset(CONTENT),
                Updates.inc(VERSION, 1L),
                Updates.currentDate(CHANGED));
        return failures(
                "removing " + id,
                () -> register.updateOne(present(id, version), end).getMatchedCount() == 1);
    }

    private static Bson present(String id, long version) {
        return Filters.and(Filters.eq(ID, id), Filters.eq(VERSION, version), Filters.exists(REMOVED, false));
    }

    private Optional<Kept> change(Bson which, BsonDocument content, boolean upsert) {
        Bson update = Updates.combine(
                Updates.set(CONTENT, content),
                Updates.unset(REMOVED),
                Updates.inc(VERSION, 1L),
                Updates.currentDate(CHANGED));
        return Optional.ofNullable(register.findOneAndUpdate(
                        which,
                        update,
                        new FindOneAndUpdateOptions().upsert(upsert).returnDocument(ReturnDocument.AFTER)))
                .map(AccessDocuments::read);
    }

    private static Kept read(BsonDocument document) {
        return new Kept(
                document.getString(ID).getValue(),
                document.getInt64(VERSION).getValue(),
                Instant.ofEpochMilli(document.getDateTime(CHANGED).getValue()),
                document.containsKey(REMOVED) ? null : document.getDocument(CONTENT));
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
    public void noteUses(Map<String, Long> calls) {
        List<UpdateOneModel<BsonDocument>> notes = calls.entrySet().stream()
                .map(use -> new UpdateOneModel<BsonDocument>(
                        Filters.eq(ID, use.getKey()),
                        Updates.combine(Updates.currentDate(LAST), Updates.inc("calls", use.getValue())),
                        new UpdateOptions().upsert(true)))
                .toList();
        if (!notes.isEmpty()) {
            failures("noting uses", () -> uses.bulkWrite(notes, new BulkWriteOptions().ordered(false)));
        }
    }

    @Override
    public Map<String, Instant> lastUses(List<String> tokens) {
        return failures("reading uses", () -> {
            Map<String, Instant> last = new HashMap<>();
            uses.find(Filters.in(ID, tokens))
                    .forEach(use -> last.put(
                            use.getString(ID).getValue(),
                            Instant.ofEpochMilli(use.getDateTime(LAST).getValue())));
            return last;
        });
    }

    private static BsonDocument in(Duration length) {
        return new BsonDocument("$add", array("$$NOW", length.toMillis()));
    }

    private static BsonArray array(String first, Object second) {
        BsonValue other = second instanceof Long number ? new BsonInt64(number) : new BsonString(second.toString());
        return new BsonArray(List.of(new BsonString(first), other));
    }

    /** Makes the indexes; whoever needs them first does so. */
    private void prepare() {
        if (!prepared) {
            register.createIndex(Indexes.ascending(CHANGED));
            register.createIndex(
                    Indexes.ascending(REMOVED),
                    new IndexOptions().expireAfter(KEPT_REMOVALS.toSeconds(), TimeUnit.SECONDS));
            sessions.createIndex(Indexes.ascending(UNTIL), new IndexOptions().expireAfter(0L, TimeUnit.SECONDS));
            prepared = true;
        }
    }

    private static boolean isDuplicateKey(MongoServerException e) {
        return ErrorCategory.fromErrorCode(e.getCode()) == ErrorCategory.DUPLICATE_KEY;
    }

    private static <T> T failures(String asked, Supplier<T> call) {
        try {
            return call.get();
        } catch (MongoException e) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY, "the database does not do it (" + asked + "): " + e.getMessage());
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
