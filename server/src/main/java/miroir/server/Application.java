package miroir.server;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import miroir.index.extract.ExtractionSettings;
import miroir.index.registry.ConfiguredSearch;
import miroir.index.store.MakeSearch;
import miroir.server.access.AccessParts;
import miroir.server.alerts.KeepWatch;
import miroir.server.alerts.Watched;
import miroir.server.configuration.DatabaseConfiguration;
import miroir.server.configuration.FhirConfiguration;
import miroir.server.configuration.HistoryConfiguration;
import miroir.server.configuration.IntegrityConfiguration.Check;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.console.Theme;
import miroir.server.export.OfferExports;
import miroir.server.fhir.FhirParts;
import miroir.server.paging.KeptQueries;
import miroir.server.paging.PageTokens;
import miroir.server.pipeline.FhirBase;
import miroir.server.routing.ConsolePaths;
import miroir.server.subscriptions.KnownSubscriptions;
import miroir.server.subscriptions.OfferSubscriptions;
import miroir.server.tls.ServerCertificate;
import miroir.storage.HistoryUpkeep;
import miroir.storage.IntegritySettings;
import miroir.storage.MongoResourceStore;
import miroir.storage.MongoStoreSettings;
import miroir.storage.SearchChanges;
import miroir.storage.SearchFiles;
import miroir.storage.access.AccessDocuments;
import miroir.storage.audit.AuditDocuments;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Register;
import miroir.storage.views.StoredViews;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server in production: search parameters from files, resources in MongoDB, FHIR over HTTP. */
final class Application implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    private final Container container;
    private final List<Opened> tenants;
    private final List<KeepWatch> watches = new ArrayList<>();

    private Application(Container container, List<Opened> tenants) {
        this.container = container;
        this.tenants = List.copyOf(tenants);
    }

    /** Begins to answer for these, of whom the first is the server's own. */
    private interface MakeContainer {
        Container of(List<Tenant> tenants) throws Exception;
    }

    /** A tenant with what is to be closed after it. */
    private record Opened(Tenant tenant, MongoResourceStore store, AccessParts access, Ledger ledger) {
        void close() {
            try {
                access.close();
            } finally {
                ledger.close();
                store.close();
            }
        }

        /** Each of them, whatever goes wrong with others. */
        static void closeAll(List<Opened> all) {
            for (Opened each : all) {
                try {
                    each.close();
                } catch (RuntimeException e) {
                    LOG.warn(
                            "not closed cleanly: {}",
                            each.tenant().configuration().database(),
                            e);
                }
            }
        }
    }

    /** Starts the server without other tenants. */
    static Application start(ServerConfiguration configuration, Path folder, Consumer<String> terminal)
            throws Exception {
        return start(configuration, folder, List.of(), terminal);
    }

    /**
     * Starts, and returns when requests are taken; indexes are then still being built.
     *
     * @param folder holds {@code search/}, {@code views/} where there are any, and {@code theme/} where pages look otherwise than ours
     * @param tenants those beside the server's own
     * @param terminal where whoever started it reads
     */
    static Application start(
            ServerConfiguration configuration, Path folder, List<TenantFiles> tenants, Consumer<String> terminal)
            throws Exception {
        TenantFiles.requireApart(configuration, tenants);
        ServerCertificate certificate = MiroirServer.certificate(
                        configuration,
                        tenants.stream().map(TenantFiles::configuration).toList())
                .orElse(null);
        Application started = start(
                opened(configuration, folder, tenants),
                all -> MiroirServer.start(certificate, all.get(0), all.subList(1, all.size()), false),
                certificate,
                terminal);
        LOG.info("listening on {}", started.container.root(configuration));
        return started;
    }

    /** Mounts the server in somebody else's container, which will send requests to it. */
    static Application deploy(
            ServerConfiguration configuration, Path folder, ServletContext context, Consumer<String> terminal)
            throws Exception {
        return start(
                opened(configuration, folder, List.of()),
                all -> DeployedServer.mount(all.get(0), context),
                null,
                terminal);
    }

    private static Application start(
            List<Opened> opened,
            MakeContainer makeContainer,
            @Nullable ServerCertificate certificate,
            Consumer<String> terminal)
            throws Exception {
        Container container;
        try {
            container = makeContainer.of(opened.stream().map(Opened::tenant).toList());
        } catch (Throwable e) {
            Opened.closeAll(opened);
            throw e;
        }
        Application started = new Application(container, opened);
        try {
            started.offerSetUp(terminal);
            started.watch(certificate);
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
        return started;
    }

    private static List<Opened> opened(ServerConfiguration configuration, Path folder, List<TenantFiles> tenants)
            throws IOException {
        List<Opened> opened = new ArrayList<>();
        try {
            opened.add(open(configuration, folder.resolve("search"), folder.resolve("theme"), folder.resolve("views")));
            for (TenantFiles each : tenants) {
                opened.add(open(each.configuration(), each.search(), each.theme(), each.views()));
            }
            return opened;
        } catch (Exception e) {
            Opened.closeAll(opened);
            throw e;
        }
    }

    private static Opened open(ServerConfiguration configuration, Path searchFiles, Path themeFiles, Path viewFiles)
            throws IOException {
        Theme theme = Theme.read(themeFiles);
        StoredViews views = StoredViews.read(
                viewFiles, configuration.ownBases(), configuration.fhir().types());
        String token = FileToken.of(configuration).orElse(null);
        MongoResourceStore store = store(configuration, searchFiles);
        try {
            return opened(configuration, store, token, theme, views);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static Opened opened(
            ServerConfiguration configuration,
            MongoResourceStore store,
            @Nullable String token,
            Theme theme,
            StoredViews views) {
        PageTokens pageTokens = pageTokens(configuration, store);
        StoredSearch search = new StoredSearch(store);
        AccessParts access = AccessParts.of(
                AccessDocuments.open(settings(configuration)),
                AuditDocuments.open(settings(configuration)),
                search::inForce,
                configuration.access().requests(),
                InstantSource.system());
        Ledger ledger = Ledger.open(settings(configuration));
        FhirParts parts = new FhirParts(
                store, search, pageTokens, new OfferSubscriptions(store, ledger), new OfferExports(store, ledger));
        Tenant tenant = new Tenant(configuration, parts, token, access, new Register(ledger), theme, views);
        return new Opened(tenant, store, access, ledger);
    }

    /** The store of a configuration, with search parameters in that folder where the database has none yet. */
    static MongoResourceStore store(ServerConfiguration configuration, Path searchFiles) {
        return MongoResourceStore.open(settings(configuration), search(configuration, searchFiles));
    }

    /** Links to next pages that lead on at every server of that store. */
    static PageTokens pageTokens(ServerConfiguration configuration, MongoResourceStore store) {
        return new PageTokens(
                        () -> store.sharedSecret("page-links"),
                        configuration.search().linkExpiry(),
                        InstantSource.system())
                .keepingLongQueriesIn(keptQueries(store));
    }

    private void offerSetUp(Consumer<String> terminal) {
        for (Opened each : tenants) {
            if (each.tenant().token().isEmpty()) {
                String root = root(each.tenant().configuration());
                OfferSetUp.begin(each.access().administrators(), root, terminal);
            }
        }
    }

    /** What can be wrong with the certificate and with disks is told once, by the server's own; of a tenant's database elsewhere by that. */
    private void watch(@Nullable ServerCertificate certificate) {
        for (Opened each : tenants) {
            ServerConfiguration configuration = each.tenant().configuration();
            boolean isOwn = configuration.tenant().isEmpty();
            boolean isElsewhere = !configuration
                    .database()
                    .uri()
                    .equals(tenants.get(0).tenant().configuration().database().uri());
            KeepWatch.begin(
                            configuration.alerts(),
                            each.ledger(),
                            new Watched(
                                    each.store()::readiness,
                                    isOwn && certificate != null ? certificate::remarks : List::of,
                                    subscriptions(each),
                                    isOwn || isElsewhere ? each.store()::disk : Optional::empty,
                                    container.load(configuration.tenant()),
                                    isOwn),
                            root(configuration) + ConsolePaths.CONSOLE,
                            configuration.fhir().zone())
                    .ifPresent(watches::add);
        }
    }

    private static Supplier<List<KnownSubscriptions.Known>> subscriptions(Opened opened) {
        KnownSubscriptions known = ServeTenant.subscriptions(opened.tenant());
        return known == null ? List::of : known::all;
    }

    /** What is {@code /} here, as its administrator may reach it. */
    private String root(ServerConfiguration configuration) {
        return configuration
                .listen()
                .publicBase()
                .map(base ->
                        base.endsWith(FhirBase.PATH) ? base.substring(0, base.length() - FhirBase.PATH.length()) : base)
                .orElseGet(() -> container.root(configuration));
    }

    /** Where it listens; 0 where a container does that. */
    int port() {
        return container.port();
    }

    @Override
    public void close() {
        watches.forEach(KeepWatch::close);
        try {
            container.close();
        } finally {
            Opened.closeAll(tenants);
        }
        LOG.info("stopped");
    }

    private static MakeSearch search(ServerConfiguration configuration, Path files) {
        FhirConfiguration fhir = configuration.fhir();
        return new ConfiguredSearch(
                fhir.types(),
                configuration.integrity().onDelete() == Check.REFUSE
                        ? new ReferringParameter(new SearchFiles(files), fhir.types())
                        : new SearchFiles(files),
                new ExtractionSettings(fhir.zone(), configuration.ownBases()),
                configuration.search().storedParameters());
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static KeptQueries keptQueries(MongoResourceStore store) {
        return new KeptQueries() {
            @Override
            public String keep(byte[] query, Instant until) {
                return store.keepQuery(query, until);
            }

            @Override
            public Optional<byte[]> find(String name) {
                return store.findQuery(name);
            }
        };
    }

    static MongoStoreSettings settings(ServerConfiguration configuration) {
        DatabaseConfiguration database = configuration.database();
        HistoryConfiguration history = configuration.history();
        return new MongoStoreSettings(
                database.uri(),
                database.name(),
                configuration.fhir().types(),
                configuration.fhir().allTypes(),
                configuration.fhir().zone(),
                database.serverSelectionTimeout(),
                database.operationTimeout(),
                configuration.search().deadline(),
                database.dropExtraIndexes(),
                new HistoryUpkeep(
                        history.retention(),
                        history.versions(),
                        longest(
                                configuration.search().linkExpiry(),
                                configuration.export().expiry()),
                        history.upkeep()),
                new IntegritySettings(
                        configuration.integrity().onWrite() == Check.REFUSE,
                        configuration.integrity().onDelete() == Check.REFUSE),
                new SearchChanges(true, configuration.search().refreshRate()),
                database.reads());
    }
}
