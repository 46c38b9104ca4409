package miroir.sync.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import miroir.index.extract.ExtractionSettings;
import miroir.index.registry.ConfiguredSearch;
import miroir.index.registry.ShippedSearch;
import miroir.index.store.Caller;
import miroir.index.store.MakeSearch;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;
import miroir.storage.SearchChanges;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.testing.TestDatabase;
import miroir.sync.daemon.Daemon;
import miroir.sync.daemon.Leader;
import miroir.sync.daemon.SyncParts;
import miroir.sync.run.CheckCopy;
import miroir.sync.run.RunSettings;
import miroir.sync.upstream.Pace;
import miroir.sync.upstream.Source;
import miroir.sync.upstream.SourceKey;
import org.awaitility.Awaitility;
import org.bson.Document;

/** A store and what synchronises it with a source, in this process and at a pace for tests. */
public final class Mirroring implements AutoCloseable {
    /** Milliseconds where people have seconds. */
    public static final Pace QUICK = new Pace(Duration.ofMillis(2), Duration.ofMillis(20), 5, 4);

    private final MongoResourceStore store;
    private final Ledger ledger;
    private final SyncParts parts;
    private final RunSettings settings;
    private final Leader leader;
    private final List<Definition> definitions;
    private boolean kept;

    private Mirroring(
            MongoResourceStore store,
            Ledger ledger,
            SyncParts parts,
            RunSettings settings,
            Leader leader,
            List<Definition> definitions) {
        this.store = store;
        this.ledger = ledger;
        this.parts = parts;
        this.settings = settings;
        this.leader = leader;
        this.definitions = definitions;
    }

    /** A source with a quota and a time-out for tests. */
    public static Source source(URI base) {
        return new Source(
                "up",
                base,
                new SourceKey("ESANTE-API-KEY", "secret"),
                100_000,
                Duration.ofSeconds(5),
                200,
                null,
                null,
                Duration.ofSeconds(5),
                "");
    }

    /** Removes everything but collections and indexes, which are dear. */
    public static void empty(TestDatabase database) {
        try (MongoClient client = MongoClients.create(database.uri())) {
            for (String name : client.getDatabase(database.name()).listCollectionNames()) {
                client.getDatabase(database.name()).getCollection(name).deleteMany(new Document());
            }
        }
    }

    public static Mirroring of(TestDatabase database, Source source, RunSettings settings, Definition... definitions) {
        Set<String> types = new HashSet<>();
        for (Definition definition : definitions) {
            types.add(definition.type());
        }
        MongoStoreSettings storeSettings =
                MongoStoreSettings.of(database.uri(), database.name(), types).withSearch(new SearchChanges(false, 0));
        MongoResourceStore store = MongoResourceStore.open(storeSettings, search(types));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> store.readiness().ready());
        Ledger ledger = Ledger.open(storeSettings);
        Register register = new Register(ledger);
        register.prepare();
        SyncParts parts =
                new SyncParts(store.mirrored(), register, List.of(source), QUICK, settings, InstantSource.system());
        return new Mirroring(
                store, ledger, parts, settings, new Leader(ledger, Duration.ofSeconds(10)), List.of(definitions));
    }

    /** As real daemons and servers describe it, which may be there too. */
    private static MakeSearch search(Set<String> types) {
        ExtractionSettings extraction = new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of());
        return new ConfiguredSearch(types, ShippedSearch::files, extraction, true);
    }

    /** Runs a synchronisation once, in this thread. */
    public Run run(Definition definition, boolean full) {
        return run(definition, full, () -> false);
    }

    public Run run(Definition definition, boolean full, BooleanSupplier stopped) {
        if (!leader.tryOnce()) {
            throw new IllegalStateException("somebody else leads");
        }
        if (!kept) {
            kept = true;
            leader.start();
        }
        parts.register().publish(leader.lease(), List.of(), definitions);
        return parts.run(definition, leader, stopped).run(full);
    }

    /** The whole copy held against the whole upstream. */
    public CheckCopy.Report compare(Definition definition) {
        return new CheckCopy(
                        definition,
                        parts.upstream(definition),
                        store.mirrored(),
                        parts.reader(definition),
                        settings,
                        () -> false)
                .complete();
    }

    /** A daemon on this store; whoever asks for it starts and closes it. */
    public Daemon daemon() {
        return daemon(new Daemon.DaemonSettings(Duration.ofMillis(20), 2, Duration.ofMillis(200)));
    }

    public Daemon daemon(Daemon.DaemonSettings settings) {
        return new Daemon(parts, new Leader(ledger, Duration.ofSeconds(4)), definitions, settings);
    }

    public Leader leader() {
        return leader;
    }

    public SyncParts parts() {
        return parts;
    }

    public Register register() {
        return parts.register();
    }

    public MongoResourceStore store() {
        return store;
    }

    /** The live resource of that id. */
    public ResourceVersion.Live live(String type, String id) {
        return (ResourceVersion.Live) store.read(Caller.everyone(), new ResourceKey(type, id))
                .orElseThrow(() -> new AssertionError("there is no " + type + "/" + id));
    }

    /** The versions of everything that a synchronisation owns, by id. */
    public Map<String, Long> versions(Definition definition) {
        Map<String, Long> versions = new TreeMap<>();
        String after = "";
        while (true) {
            List<String> ids = store.mirrored().owned(definition.name(), definition.type(), after, 1000);
            if (ids.isEmpty()) {
                return versions;
            }
            ids.forEach(id -> versions.put(id, live(definition.type(), id).version()));
            after = ids.get(ids.size() - 1);
        }
    }

    @Override
    public void close() {
        leader.close();
        ledger.close();
        store.close();
    }
}
