package miroir.storage;

import com.mongodb.ClientSessionOptions;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.connection.ClusterType;
import com.mongodb.connection.ConnectionPoolSettings;
import com.mongodb.event.CommandListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import miroir.index.structure.Structures;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * The collections of one tenant. Whatever is acknowledged is journaled by a majority, and whatever is read was: nothing
 * that was seen can be rolled back.
 */
final class StoreDatabase implements AutoCloseable {
    /** What the driver opens at most where the address does not say how many. */
    static final int USUAL_CONNECTIONS = 100;

    private static final String HISTORY = "_history";
    private static final int VITAL_CONNECTIONS = 8;

    /** Which part of the connections look-ups for writes have, and entries of bundles the same once more. */
    private static final int LOOK_UPS = 8;

    private static final ClientSessionOptions CAUSAL =
            ClientSessionOptions.builder().causallyConsistent(true).build();
    private static final ClientSessionOptions NOT_CAUSAL =
            ClientSessionOptions.builder().causallyConsistent(false).build();

    private static final BsonString SHARDED = new BsonString("isdbgrid");

    /** In which session this thread reads, if somebody wants to know as of when. */
    private static final ThreadLocal<@Nullable Timing> TIMING = new ThreadLocal<>();

    private final MongoClient client;
    private final MongoDatabase database;
    private final MongoClient patientClient;
    private final MongoDatabase patientDatabase;
    private final MongoClient vitalClient;
    private final MongoDatabase vitalDatabase;
    private final MongoClient sessionClient;

    /** Null where the primary answers all reads. */
    private final @Nullable MongoClient readingClient;

    private final List<PoolCounts> pools;
    private final SearchTurns searchTurns;
    private final SearchTurns lookUpTurns;
    private final SearchTurns entryTurns;
    private final Duration operationTimeout;
    private final UnaryOperator<MongoCollection<?>> bound;

    StoreDatabase(MongoStoreSettings settings) {
        this(settings, List.of());
    }

    /** With somebody who is told about every command, such as a test that comes in between two of them. */
    StoreDatabase(MongoStoreSettings settings, List<CommandListener> listeners) {
        List<PoolCounts> counted = new ArrayList<>();
        this.client = counted("requests", client(settings, listeners), counted);
        this.database = client.getDatabase(settings.database());
        this.patientClient = MongoClients.create(patient(settings.clientSettings()));
        this.patientDatabase = patientClient.getDatabase(settings.database());
        this.vitalClient = counted("vital", vital(client(settings, listeners)), counted);
        this.vitalDatabase = vitalClient.getDatabase(settings.database());
        this.sessionClient = counted("transactions", sessions(client(settings, listeners)), counted);
        this.readingClient = settings.reads() == ReadMembers.PRIMARY
                ? null
                : counted("reads", ReadElsewhere.settings(client(settings, listeners)), counted);
        this.pools = List.copyOf(counted);
        ConnectionPoolSettings pool = settings.clientSettings().getConnectionPoolSettings();
        this.searchTurns = new SearchTurns(pool, 2);
        this.lookUpTurns = new SearchTurns(pool, LOOK_UPS);
        this.entryTurns = new SearchTurns(pool, LOOK_UPS);
        this.operationTimeout = settings.operationTimeout();
        this.bound = this::timed;
    }

    private StoreDatabase(StoreDatabase whole, MongoClient client, UnaryOperator<MongoCollection<?>> bound) {
        this.client = client;
        this.database = client.getDatabase(whole.database.getName());
        this.patientClient = whole.patientClient;
        this.patientDatabase = whole.patientDatabase;
        this.vitalClient = whole.vitalClient;
        this.vitalDatabase = whole.vitalDatabase;
        this.sessionClient = whole.sessionClient;
        this.readingClient = whole.readingClient;
        this.pools = whole.pools;
        this.searchTurns = whole.searchTurns;
        this.lookUpTurns = whole.lookUpTurns;
        this.entryTurns = whole.entryTurns;
        this.operationTimeout = whole.operationTimeout;
        this.bound = bound;
    }

    private static MongoClient counted(String name, MongoClientSettings settings, List<PoolCounts> counted) {
        PoolCounts counts = PoolCounts.of(name, settings);
        counted.add(counts);
        return MongoClients.create(counts.counting(settings));
    }

    /** The connections that requests may have to wait for. */
    List<PoolCounts> pools() {
        return pools;
    }

    /** A session in which a transaction can be done. */
    ClientSession startSession() {
        return sessionClient.startSession();
    }

    /**
     * The same database, in which resources, their history and guards are read and written within a session.
     *
     * @param beforeUse is done before a collection of them is handed out
     */
    StoreDatabase within(ClientSession session, Runnable beforeUse) {
        return new StoreDatabase(this, sessionClient, collection -> {
            beforeUse.run();
            return SessionCollection.of(session, collection);
        });
    }

    private MongoCollection<?> timed(MongoCollection<?> collection) {
        Timing timing = TIMING.get();
        return timing == null || timing.of() != this ? collection : SessionCollection.of(timing.session(), collection);
    }

    private record Timing(StoreDatabase of, ClientSession session) {}

    /**
     * What was read, and as of which of its times the database knew all of that at the latest.
     *
     * @param asOf null where it does not tell
     */
    record Timed<T>(T found, @Nullable BsonTimestamp asOf) {}

    /**
     * Reads resources and their history in this thread. What a member of a replica set answers tells how far its majority was then, and what was read is no newer. Shards have a
     * time each, so of a cluster nothing is known.
     */
    <T> Timed<T> timed(Supplier<T> read) {
        if (client.getClusterDescription().getType() != ClusterType.REPLICA_SET || TIMING.get() != null) {
            return new Timed<>(read.get(), null);
        }
        try (ClientSession session = client.startSession(NOT_CAUSAL)) {
            TIMING.set(new Timing(this, session));
            return new Timed<>(read.get(), session.getOperationTime());
        } finally {
            TIMING.remove();
        }
    }

    /** A session in which nothing is read that is older than this. */
    ClientSession startSession(BsonTimestamp asOf) {
        ClientSession session = client.startSession(CAUSAL);
        session.advanceOperationTime(asOf);
        return session;
    }

    /** What reads from other members than the primary; null where that one answers. */
    @Nullable
    ReadElsewhere elsewhere() {
        return readingClient == null ? null : new ReadElsewhere(readingClient, database.getName());
    }

    /** The same database, in which resources and their history are what this client finds in collections that are bound so. */
    StoreDatabase elsewhere(MongoClient reading, UnaryOperator<MongoCollection<?>> binding) {
        return new StoreDatabase(this, reading, binding);
    }

    /** Whether the database can do transactions: as a replica set or as a sharded cluster, and not alone. */
    boolean hasTransactions() {
        BsonDocument hello = hello();
        return hello.containsKey("setName") || SHARDED.equals(hello.get("msg"));
    }

    private static MongoClientSettings client(MongoStoreSettings settings, List<CommandListener> listeners) {
        return MongoClientSettings.builder(settings.clientSettings())
                .commandListenerList(listeners)
                .build();
    }

    /** Builds of indexes take as long as they take: no answer for minutes is no sign of a server that vanished. */
    private static MongoClientSettings patient(MongoClientSettings settings) {
        return MongoClientSettings.builder(settings)
                .applyToSocketSettings(socket -> socket.readTimeout(0, TimeUnit.MILLISECONDS))
                .writeConcern(WriteConcern.MAJORITY.withJournal(true))
                .build();
    }

    /**
     * Floors that are not published hold up followers, and rows that are not renewed every writer; a probe that is not
     * answered has the server taken out of service. None of them may wait for a connection until others are done.
     */
    private static MongoClientSettings vital(MongoClientSettings settings) {
        return MongoClientSettings.builder(settings)
                .applyToConnectionPoolSettings(pool -> pool.minSize(0).maxSize(VITAL_CONNECTIONS))
                .build();
    }

    /**
     * Who writes what an open transaction has written waits in the database, and has a connection for as long. Of those that
     * transactions have, no more than half are with searches: the commit for which all of them wait finds one.
     */
    private static MongoClientSettings sessions(MongoClientSettings settings) {
        int connections =
                2 * 2 * SearchTurns.part(settings.getConnectionPoolSettings().getMaxSize(), LOOK_UPS);
        return MongoClientSettings.builder(settings)
                .applyToConnectionPoolSettings(pool -> pool.minSize(0).maxSize(connections))
                .build();
    }

    /** The same collection for what is waited for however long it takes, as the building of its indexes. */
    <T> MongoCollection<T> patiently(MongoCollection<T> collection) {
        return patientDatabase.getCollection(
                collection.getNamespace().getCollectionName(), collection.getDocumentClass());
    }

    /** The newest version of every resource of a type, deletions included. */
    MongoCollection<RawBsonDocument> current(String type) {
        return bound(database.getCollection(type, RawBsonDocument.class));
    }

    /** The superseded versions of a type. */
    MongoCollection<RawBsonDocument> history(String type) {
        return bound(database.getCollection(historyName(type), RawBsonDocument.class));
    }

    /** The types of which there is a collection, of current versions or of others. */
    Set<String> types() {
        Set<String> there = new TreeSet<>();
        for (String name : database.listCollectionNames()) {
            there.add(name.endsWith(HISTORY) ? name.substring(0, name.length() - HISTORY.length()) : name);
        }
        there.retainAll(Structures.r4().resourceTypes());
        return there;
    }

    MongoCollection<BsonDocument> counters() {
        return database.getCollection("miroir_counters", BsonDocument.class);
    }

    /** Who does what is done by one server at a time, and when it was done last. */
    MongoCollection<BsonDocument> jobs() {
        return database.getCollection("miroir_jobs", BsonDocument.class);
    }

    /** How far each process that writes is done. */
    MongoCollection<BsonDocument> floors() {
        return vitalDatabase.getCollection("miroir_floors", BsonDocument.class);
    }

    /** What is searched, by number. */
    MongoCollection<BsonDocument> search() {
        return vitalDatabase.getCollection("miroir_search", BsonDocument.class);
    }

    /** What processes share and nobody else may know. */
    MongoCollection<BsonDocument> secrets() {
        return database.getCollection("miroir_secrets", BsonDocument.class);
    }

    /** What is known about the database as a whole, and about types. */
    MongoCollection<BsonDocument> state() {
        return database.getCollection("miroir_state", BsonDocument.class);
    }

    /** The id of what {@link #state} knows about a type. */
    static BsonString stateId(String what, String type) {
        return new BsonString(what + " of " + type);
    }

    /** By name, what tells the two collections of a type from others that had these names, such as before a restore. */
    BsonDocument identities(String type) {
        BsonDocument identities = new BsonDocument();
        database.listCollections(BsonDocument.class)
                .filter(Filters.in("name", type, historyName(type)))
                .forEach(found -> identities.append(
                        found.getString("name").getValue(),
                        found.getDocument("info").get("uuid", BsonNull.VALUE)));
        return identities;
    }

    /** Returns if the database answers. */
    void ping() {
        vitalDatabase.runCommand(new BsonDocument("ping", new BsonInt32(1)));
    }

    /** What the database counts of itself. */
    BsonDocument stats() {
        return vitalDatabase.runCommand(new BsonDocument("dbStats", new BsonInt32(1)), BsonDocument.class);
    }

    /** What the primary's clock showed when it answered. */
    Instant primaryTime() {
        return Instant.ofEpochMilli(hello().getDateTime("localTime").getValue());
    }

    private BsonDocument hello() {
        return vitalDatabase.runCommand(new BsonDocument("hello", new BsonInt32(1)), BsonDocument.class);
    }

    @SuppressWarnings("unchecked") // what is bound has the same type
    private <T> MongoCollection<T> bound(MongoCollection<T> collection) {
        return (MongoCollection<T>) bound.apply(collection);
    }

    /** Queries that are too long for a link, until they expire. */
    MongoCollection<BsonDocument> queries() {
        return database.getCollection("miroir_queries", BsonDocument.class);
    }

    /** Who may create by which criteria at the moment. */
    MongoCollection<BsonDocument> guards() {
        return bound(database.getCollection("miroir_guards", BsonDocument.class));
    }

    static String historyName(String type) {
        return type + HISTORY;
    }

    MongoDatabase database() {
        return database;
    }

    /** The same for what must not wait for a connection until others are done. */
    MongoDatabase vital() {
        return vitalDatabase;
    }

    /** For what is asked of the server and not of one database; probes ask it too. */
    MongoDatabase admin() {
        return vitalClient.getDatabase("admin");
    }

    /** What may take long waits for one of these. */
    SearchTurns searchTurns() {
        return searchTurns;
    }

    /** What looks up something for a write waits for one of these. */
    SearchTurns lookUpTurns() {
        return lookUpTurns;
    }

    /** What an entry of a bundle searches waits for one of these. */
    SearchTurns entryTurns() {
        return entryTurns;
    }

    /** How long one read or write of a single resource may take. */
    Duration operationTimeout() {
        return operationTimeout;
    }

    @Override
    public void close() {
        vitalClient.close();
        if (readingClient != null) {
            readingClient.close();
        }
        sessionClient.close();
        patientClient.close();
        client.close();
    }
}
