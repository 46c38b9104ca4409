package miroir.server;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.registry.ConfiguredSearch;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.store.InMemoryResourceStore;
import miroir.index.store.KeptAudit;
import miroir.index.store.ResourceStore;
import miroir.index.store.SearchFields;
import miroir.index.store.SearchMade;
import miroir.index.structure.Structures;
import miroir.server.access.AccessParts;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.configuration.TenantConfiguration;
import miroir.server.console.Theme;
import miroir.server.export.OfferExports;
import miroir.server.fhir.FhirParts;
import miroir.server.fhir.PresentSearch;
import miroir.server.paging.PageTokens;
import miroir.server.subscriptions.OfferSubscriptions;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;
import miroir.storage.access.AccessDocuments;
import miroir.storage.audit.AuditDocuments;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Register;
import miroir.storage.testing.TestDatabase;
import miroir.storage.views.StoredViews;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;

/** A server on a free port, in front of MongoDB where a database is given, and of a store in memory where not. */
public final class TestServer implements AutoCloseable {
    /** The token that may write. */
    public static final String TOKEN = "miroir_test-token";

    /** What test servers serve: the directory's types and a few that have every kind of element. */
    public static final SearchParameterRegistry REGISTRY = RegistryLoader.load(
            new LinkedHashSet<>(List.of(
                    "Practitioner",
                    "PractitionerRole",
                    "Organization",
                    "HealthcareService",
                    "Device",
                    "Observation",
                    "Questionnaire",
                    "CodeSystem",
                    "ValueSet")),
            ShippedSearch.files());

    private static final ExtractionSettings SETTINGS = new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of());

    /** Their fields. */
    public static final SearchFields FIELDS = new FieldExtractor(REGISTRY, SETTINGS);

    private final Container server;
    private final ResourceStore store;
    private final @Nullable AccessParts access;
    private @Nullable Ledger ledger;
    private @Nullable Tenant another;

    private TestServer(Container server, ResourceStore store) {
        this(server, store, null);
    }

    private TestServer(Container server, ResourceStore store, @Nullable AccessParts access) {
        this.server = server;
        this.store = store;
        this.access = access;
    }

    /** With the defaults. */
    public static TestServer start() throws Exception {
        return start("");
    }

    /** With this configuration; the port is a free one unless it says otherwise. */
    public static TestServer start(String yaml) throws Exception {
        return start(yaml, memory(), false);
    }

    /** In front of MongoDB. */
    public static TestServer start(TestDatabase database) throws Exception {
        return start("", database);
    }

    /** In front of MongoDB, with this configuration; returns when searches are answered. */
    public static TestServer start(String yaml, TestDatabase database) throws Exception {
        return start(yaml, ready(database), false);
    }

    /** A store in a database, which answers searches. */
    public static ResourceStore ready(TestDatabase database) {
        ResourceStore store = MongoResourceStore.open(settings(database), REGISTRY, FIELDS);
        awaitReady(store);
        return store;
    }

    /** With a store, which is closed with the server. */
    public static TestServer start(String yaml, ResourceStore store, boolean ordinaryPath) throws Exception {
        return start(yaml, store, REGISTRY, ordinaryPath);
    }

    /** With a store of the types of a registry, which is closed with the server. */
    public static TestServer start(String yaml, ResourceStore store, SearchParameterRegistry registry)
            throws Exception {
        return start(yaml, store, registry, false);
    }

    private static TestServer start(
            String yaml, ResourceStore store, SearchParameterRegistry registry, boolean ordinaryPath) throws Exception {
        ServerConfiguration configuration =
                ServerConfiguration.read("test.yaml", complete(yaml), Map.<String, String>of()::get);
        PageTokens tokens = new PageTokens(() -> new byte[32], Duration.ofHours(1), InstantSource.system())
                .keepingLongQueriesIn(new InMemoryQueries());
        SearchFields fields = new FieldExtractor(registry, SETTINGS);
        Set<String> ownBases = configuration.listen().publicBase().map(Set::of).orElse(Set.of());
        FhirParts parts = new FhirParts(store, SearchMade.of(registry, fields, SETTINGS.zone(), ownBases), tokens);
        Tenant own = new Tenant(configuration, parts, TOKEN, null, null, Theme.none(), views(configuration, parts));
        return new TestServer(TestContainer.started(configuration, own, ordinaryPath), store);
    }

    /** Those that are shipped. */
    private static StoredViews views(ServerConfiguration configuration, FhirParts parts) throws IOException {
        Path folder = Path.of(System.getProperty("miroir.root", ".."), "conf", "views");
        return StoredViews.read(folder, configuration.ownBases(), parts.types());
    }

    /** A free port unless it says otherwise; a report would read beside what is counted. */
    private static String complete(String yaml) {
        return yaml
                + (yaml.contains("listen:") ? "" : "\nlisten: {port: 0}\n")
                + (yaml.contains("reports:") ? "" : "\nreports: {quality: never}\n");
    }

    /** With consumers and administrators, who are kept in that database, and a store in memory. */
    public static TestServer withAccess(String yaml, TestDatabase database) throws Exception {
        return withAccess(yaml, database, memory());
    }

    /** The same, with exports of another store, which is not closed with the server. */
    public static TestServer withAccess(String yaml, TestDatabase database, OfferExports exports) throws Exception {
        ResourceStore store = memory();
        FhirParts parts = new FhirParts(
                store,
                PresentSearch.always(store, SearchMade.of(REGISTRY, FIELDS, SETTINGS.zone(), Set.of())),
                new PageTokens(() -> new byte[32], Duration.ofHours(1), InstantSource.system())
                        .keepingLongQueriesIn(new InMemoryQueries()),
                null,
                exports);
        return withAccess(yaml, database, store, parts, AuditDocuments.open(settings(database)));
    }

    /** The same with that store, which is closed with the server. */
    public static TestServer withAccess(String yaml, TestDatabase database, ResourceStore store) throws Exception {
        return withAccess(yaml, database, store, AuditDocuments.open(settings(database)));
    }

    /** How a database is used. */
    public static MongoStoreSettings settings(TestDatabase database) {
        return MongoStoreSettings.of(database.uri(), database.name(), REGISTRY.types());
    }

    /** With consumers, administrators and resources of these types in that database; returns when searches are answered. */
    public static TestServer withAccess(String yaml, TestDatabase database, Set<String> types) throws Exception {
        SearchParameterRegistry registry = RegistryLoader.load(types, ShippedSearch.files());
        SearchFields fields = new FieldExtractor(registry, SETTINGS);
        ResourceStore store = MongoResourceStore.open(
                MongoStoreSettings.of(database.uri(), database.name(), types), registry, fields);
        awaitReady(store);
        SearchMade made = SearchMade.of(registry, fields, SETTINGS.zone(), Set.of());
        return withAccess(yaml, database, store, made, AuditDocuments.open(settings(database)));
    }

    /** The same, with what is searched written down in the database, so that a daemon can use it too; subscriptions are delivered where they are served, and exports made. */
    public static TestServer besideADaemon(String yaml, TestDatabase database, Set<String> types) throws Exception {
        MongoResourceStore store = MongoResourceStore.open(
                MongoStoreSettings.of(database.uri(), database.name(), types),
                new ConfiguredSearch(types, ShippedSearch::files, SETTINGS, true));
        return subscribing(yaml, database, store);
    }

    /** With consumers, and resources of these types in that database, of whose changes those are told who subscribe. */
    public static TestServer subscribing(String yaml, TestDatabase database, Set<String> types) throws Exception {
        MongoResourceStore store = MongoResourceStore.open(
                MongoStoreSettings.of(database.uri(), database.name(), types),
                new ConfiguredSearch(types, ShippedSearch::files, SETTINGS, false));
        return subscribing(yaml, database, store);
    }

    private static TestServer subscribing(String yaml, TestDatabase database, MongoResourceStore store)
            throws Exception {
        awaitReady(store);
        Ledger ledger = Ledger.open(settings(database));
        FhirParts parts = new FhirParts(
                store,
                new StoredSearch(store),
                new PageTokens(() -> new byte[32], Duration.ofHours(1), InstantSource.system())
                        .keepingLongQueriesIn(new InMemoryQueries()),
                new OfferSubscriptions(store, ledger),
                new OfferExports(store, ledger));
        return withAccess(yaml, database, store, parts, AuditDocuments.open(settings(database)), ledger);
    }

    /** With consumers, and resources of these types in that database, which can be exported. */
    public static TestServer exporting(String yaml, TestDatabase database, Set<String> types, Duration lease)
            throws Exception {
        MongoResourceStore store = MongoResourceStore.open(
                MongoStoreSettings.of(database.uri(), database.name(), types),
                new ConfiguredSearch(types, ShippedSearch::files, SETTINGS, false));
        awaitReady(store);
        Ledger ledger = Ledger.open(settings(database));
        FhirParts parts = new FhirParts(
                store,
                new StoredSearch(store),
                new PageTokens(() -> new byte[32], Duration.ofHours(1), InstantSource.system())
                        .keepingLongQueriesIn(new InMemoryQueries()),
                null,
                new OfferExports(store, ledger, lease));
        return withAccess(yaml, database, store, parts, AuditDocuments.open(settings(database)), ledger);
    }

    private static void awaitReady(ResourceStore store) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> store.readiness().ready());
    }

    /** The same, which notes there who did what. */
    public static TestServer withAccess(String yaml, TestDatabase database, ResourceStore store, KeptAudit audit)
            throws Exception {
        SearchMade made = SearchMade.of(REGISTRY, FIELDS, SETTINGS.zone(), Set.of());
        return withAccess(yaml, database, store, made, audit);
    }

    private static TestServer withAccess(
            String yaml, TestDatabase database, ResourceStore store, SearchMade made, KeptAudit audit)
            throws Exception {
        FhirParts parts = new FhirParts(
                store,
                made,
                new PageTokens(() -> new byte[32], Duration.ofHours(1), InstantSource.system())
                        .keepingLongQueriesIn(new InMemoryQueries()));
        return withAccess(yaml, database, store, parts, audit);
    }

    private static TestServer withAccess(
            String yaml, TestDatabase database, ResourceStore store, FhirParts parts, KeptAudit audit)
            throws Exception {
        return withAccess(yaml, database, store, parts, audit, Ledger.open(settings(database)));
    }

    private static TestServer withAccess(
            String yaml, TestDatabase database, ResourceStore store, FhirParts parts, KeptAudit audit, Ledger ledger)
            throws Exception {
        ServerConfiguration configuration =
                ServerConfiguration.read("test.yaml", complete(yaml), Map.<String, String>of()::get);
        AccessParts access = AccessParts.of(
                AccessDocuments.open(settings(database)),
                audit,
                parts.search()::inForce,
                configuration.access().requests(),
                InstantSource.system());
        Tenant own = new Tenant(
                configuration, parts, TOKEN, access, new Register(ledger), Theme.none(), views(configuration, parts));
        TestServer server = new TestServer(TestContainer.started(configuration, own, false), store, access);
        server.ledger = ledger;
        return server;
    }

    /** Beside a tenant {@code north}, with which it has no consumers and no resources in common. */
    public static TestServer besideNorth(String yaml, TestDatabase database) throws Exception {
        ServerConfiguration configuration =
                ServerConfiguration.read("test.yaml", yaml + "\nlisten: {port: 0}\n", Map.<String, String>of()::get);
        TestDatabase ofNorth = new TestDatabase(database.uri(), database.name() + "_north");
        Tenant own = tenant(configuration, database);
        Tenant north = tenant(
                TenantConfiguration.read(
                        "north", "test.yaml", "access: {mode: token}", Map.<String, String>of()::get, configuration),
                ofNorth);
        MiroirServer server = MiroirServer.start(null, own, List.of(north), false);
        TestServer both =
                new TestServer(server, own.parts().store(), own.access().orElseThrow());
        both.another = north;
        return both;
    }

    private static Tenant tenant(ServerConfiguration configuration, TestDatabase database) {
        FhirParts parts = new FhirParts(
                memory(),
                SearchMade.of(REGISTRY, FIELDS, SETTINGS.zone(), Set.of()),
                new PageTokens(() -> new byte[32], Duration.ofHours(1), InstantSource.system())
                        .keepingLongQueriesIn(new InMemoryQueries()));
        AccessParts access = AccessParts.of(
                AccessDocuments.open(settings(database)),
                AuditDocuments.open(settings(database)),
                parts.search()::inForce,
                configuration.access().requests(),
                InstantSource.system());
        return new Tenant(configuration, parts, TOKEN, access, null);
    }

    /** With every type and parameter of R4, and a store in memory. */
    public static TestServer ofEveryType() throws Exception {
        SearchParameterRegistry registry = RegistryLoader.load(Structures.r4().resourceTypes(), ShippedSearch.files());
        SearchFields fields = new FieldExtractor(registry, SETTINGS);
        return start("", new InMemoryResourceStore(fields, SETTINGS.zone(), InstantSource.system()), registry);
    }

    /** With these types and all their parameters, and a store in a database. */
    public static TestServer of(Set<String> types, String yaml, TestDatabase database) throws Exception {
        SearchParameterRegistry registry = RegistryLoader.load(types, ShippedSearch.files());
        SearchFields fields = new FieldExtractor(registry, SETTINGS);
        MongoStoreSettings settings =
                MongoStoreSettings.of(database.uri(), database.name(), types).withIndexesOnFirstUse();
        return start(yaml, MongoResourceStore.open(settings, registry, fields), registry, false);
    }

    /** What is searched where nobody says more. */
    public static SearchMade made() {
        return SearchMade.of(REGISTRY, FIELDS, SETTINGS.zone(), SETTINGS.ownBases());
    }

    /** An empty store in memory. */
    public static ResourceStore memory() {
        return memory(InstantSource.system());
    }

    /** An empty store in memory, with versions of these instants. */
    public static ResourceStore memory(InstantSource clock) {
        return new InMemoryResourceStore(FIELDS, ZoneId.of("Europe/Paris"), clock);
    }

    public int port() {
        return server.port();
    }

    /** The FHIR base. */
    public String base() {
        return "http://127.0.0.1:" + port() + path() + "/fhir";
    }

    /** What stands before all paths of it; empty where nothing does. */
    public static String path() {
        return TestContainer.path();
    }

    /** A path below its root, which stands as it is in the URL. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path() + path);
    }

    /** All that answers requests. */
    Handler.Container handlers() {
        return ours().handlers();
    }

    void announceStop() {
        ours().announceStop();
    }

    /** What tests of our own container want to know more of. */
    private MiroirServer ours() {
        return (MiroirServer) server;
    }

    @Override
    public void close() {
        server.close();
        if (access != null) {
            access.close();
        }
        Ledger known = ledger;
        if (known != null) {
            known.close();
        }
        store.close();
        Tenant beside = another;
        if (beside != null) {
            beside.access().ifPresent(AccessParts::close);
            beside.parts().store().close();
        }
    }
}
