package miroir.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.ServletContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import miroir.index.structure.Structures;
import miroir.server.access.AccessParts;
import miroir.server.access.KnownTokens;
import miroir.server.admin.AdminActions;
import miroir.server.admin.AdminApi;
import miroir.server.admin.ExportActions;
import miroir.server.admin.LoadActions;
import miroir.server.admin.SettingActions;
import miroir.server.admin.SubscriptionActions;
import miroir.server.admin.SynchronisationActions;
import miroir.server.audit.Audit;
import miroir.server.configuration.AccessConfiguration;
import miroir.server.configuration.LimitsConfiguration;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.console.Assets;
import miroir.server.console.Console;
import miroir.server.console.ConsoleEvents;
import miroir.server.console.FailurePages;
import miroir.server.console.Home;
import miroir.server.console.Pages;
import miroir.server.console.People;
import miroir.server.console.ResourcePages;
import miroir.server.console.SearchParameterPages;
import miroir.server.console.Site;
import miroir.server.export.KnownExports;
import miroir.server.export.OfferExports;
import miroir.server.fhir.AskFhir;
import miroir.server.fhir.FhirParts;
import miroir.server.fhir.FhirServlets;
import miroir.server.fhir.FollowStreams;
import miroir.server.metrics.DatabaseDiskMetrics;
import miroir.server.metrics.ExportMetrics;
import miroir.server.metrics.FormatMetrics;
import miroir.server.metrics.PoolMetrics;
import miroir.server.metrics.ProcessMetrics;
import miroir.server.metrics.ReadinessMetrics;
import miroir.server.metrics.SearchWorkMetrics;
import miroir.server.metrics.SubscriptionMetrics;
import miroir.server.metrics.SynchronisationMetrics;
import miroir.server.oidc.SmartConfigurationPage;
import miroir.server.oidc.TrustedIssuers;
import miroir.server.pages.HealthPage;
import miroir.server.pages.MetricsPage;
import miroir.server.pipeline.AgeOfCopies;
import miroir.server.pipeline.FhirBase;
import miroir.server.pipeline.RequestMetrics;
import miroir.server.pipeline.RequestPipeline;
import miroir.server.pipeline.TellTrace;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.server.reports.ReportPages;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.ConsolePaths;
import miroir.server.routing.Router;
import miroir.server.subscriptions.KnownSubscriptions;
import miroir.server.subscriptions.OfferSubscriptions;
import miroir.storage.MongoResourceStore;
import miroir.storage.sync.Register;
import org.jspecify.annotations.Nullable;

/**
 * Puts the pages of a tenant behind a pipeline of its own. Tenants have nothing in common but the memory and the turns of this process, which are
 * nobody's, and are bounded only if all are counted together.
 */
final class ServeTenant {
    private final WorkingMemory memory;
    private final Turns turns;
    private final TellTrace traces;
    private final boolean ordinaryPath;

    private ServeTenant(WorkingMemory memory, Turns turns, TellTrace traces, boolean ordinaryPath) {
        this.traces = traces;
        this.memory = memory;
        this.turns = turns;
        this.ordinaryPath = ordinaryPath;
    }

    /** With the memory and the turns of this process, which are shown among its metrics, as is what the JVM tells. */
    static ServeTenant ofThisProcess(
            LimitsConfiguration limits, MeterRegistry meters, TellTrace traces, boolean ordinaryPath) {
        ProcessMetrics.show(meters);
        Turns turns = Turns.of(limits);
        turns.show(meters);
        WorkingMemory memory = WorkingMemory.ofThisHeap();
        memory.show(meters);
        return new ServeTenant(memory, turns, traces, ordinaryPath);
    }

    /** One with metrics of its own. */
    ServedTenant served(Tenant tenant, ServletContext context) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        return served(tenant, context, meters, new RequestMetrics(meters), List::of);
    }

    /**
     * One that is measured there.
     *
     * @param context where its pages are mounted
     * @param remarks what somebody should look after
     */
    ServedTenant served(
            Tenant tenant,
            ServletContext context,
            PrometheusMeterRegistry meters,
            RequestMetrics metrics,
            Supplier<List<String>> remarks) {
        ServerConfiguration configuration = tenant.configuration();
        PresentConfiguration present = new PresentConfiguration(configuration);
        FhirParts parts = tenant.parts();
        KnownTokens tokens = AccessParts.tokens(tenant.access().orElse(null));
        TrustedIssuers issuers = new TrustedIssuers(configuration.access().issuers(), tokens, InstantSource.system());
        HealthPage health = new HealthPage(parts.store(), remarks);
        Pages pages = new Pages(new Site(
                configuration.fhir().zone(),
                parts.types().containsAll(Router.DIRECTORY),
                parts.types().containsAll(Router.DIRECTORY)
                        && configuration.reports().quality() != null,
                subscriptions(tenant) != null,
                parts.exports() != null,
                configuration.access().mode() == AccessConfiguration.Mode.OPEN,
                tenant.theme()));
        Audit audit = tenant.access()
                .map(kept -> Audit.in(kept.audit(), configuration.audit(), meters))
                .orElse(Audit.none());
        RequestPipeline pipeline = new RequestPipeline(
                present,
                tenant.token().orElse(null),
                issuers,
                tokens,
                parts.search()::inForce,
                new Router(parts.types(), Structures.r4().resourceTypes()),
                metrics,
                audit,
                new AgeOfCopies(parts.store()::copies),
                memory,
                traces,
                new FailurePages(pages));
        Mounting mounting = new Mounting(context);
        String directory =
                configuration.search().directoryPath().map("/"::concat).orElse(null);
        mounting.before(new OwnPath(directory));
        mounting.before(pipeline);
        FhirServlets.Served fhir =
                FhirServlets.create(present, parts, tenant.views(), memory, turns, issuers::security, ordinaryPath);
        Gauge.builder("miroir.history.streams", fhir.follow(), FollowStreams::listening)
                .description("how many follow the history as a stream of events")
                .register(meters);
        List<String> bases =
                directory == null ? List.of(FhirBase.PATH) : List.of(FhirBase.PATH, directory + FhirBase.PATH);
        mounting.at(fhir.servlet(), below(bases, "/*"));
        mounting.at(new SmartConfigurationPage(issuers), below(bases, "/" + Router.SMART));
        mounting.at(health, "/health/*");
        mounting.at(
                new MetricsPage(
                        meters,
                        refreshes(tenant, meters),
                        configuration.access().mode() == AccessConfiguration.Mode.OPEN),
                "/metrics");
        mounting.at(new Assets(tenant.theme()), ConsolePaths.ASSETS + "/*");
        List<AutoCloseable> listening = new ArrayList<>(List.of(fhir.follow()));
        OfferSubscriptions subscriptions = parts.subscriptions();
        if (subscriptions != null) {
            listening.add(
                    subscriptions.begin(configuration, tokens, tenant.token().isPresent()));
        }
        OfferExports exports = parts.exports();
        if (exports != null) {
            OfferExports.Served served = exports.begin(present, memory, turns, meters);
            mounting.at(served.servlet(), below(bases, "/" + Router.EXPORT + "/*"));
            listening.add(served.cutting());
        }
        tenant.access()
                .ifPresent(known -> listening.add(
                        serveConsole(mounting, tenant, present, known, pages, fhir.fhir(), metrics, meters)));
        if (parts.types().containsAll(Router.DIRECTORY)) {
            mounting.at(ReportPages.create(configuration, parts, memory, turns, pages), Router.REPORTS + "/*")
                    .setLoadOnStartup(0);
            mounting.at(new People(pages, fhir.directory()), Router.PEOPLE);
        }
        mounting.at(new SearchParameterPages(pages, parts.search()), Router.PARAMETERS + "/*");
        Home home = new Home(pages, parts.store(), parts.types(), tenant.synchronisations(), InstantSource.system());
        Gauge.builder("miroir.home.streams", home.events(), ConsoleEvents::listening)
                .description("browsers that listen to the first page")
                .register(meters);
        listening.add(home.events());
        mounting.at(home.events(), ConsolePaths.EVENTS_OF_ALL);
        mounting.at(home, "/");
        List<String> shown =
                Stream.concat(bases.stream(), Stream.of(AdminRoute.BASE)).toList();
        return new ServedTenant(tenant.name(), shown, tokens, health, audit, metrics.load(), listening);
    }

    private static String[] below(List<String> bases, String path) {
        return bases.stream().map(base -> base + path).toArray(String[]::new);
    }

    /** What is read from the database whenever somebody asks for metrics. */
    private static List<Runnable> refreshes(Tenant tenant, MeterRegistry meters) {
        PoolMetrics.show(tenant.parts().store(), meters);
        List<Runnable> refreshes = new ArrayList<>();
        refreshes.add(new ReadinessMetrics(tenant.parts().store(), meters)::refresh);
        if (tenant.parts().store() instanceof MongoResourceStore stored) {
            refreshes.add(new DatabaseDiskMetrics(stored::disk, meters)::refresh);
            refreshes.add(new SearchWorkMetrics(stored::searchWork, meters)::refresh);
            FormatMetrics.show(stored, meters);
        }
        Register register = tenant.synchronisations();
        if (register != null) {
            refreshes.add(new SynchronisationMetrics(register, meters, InstantSource.system())::refresh);
        }
        KnownSubscriptions subscriptions = subscriptions(tenant);
        if (subscriptions != null) {
            refreshes.add(new SubscriptionMetrics(subscriptions, meters, InstantSource.system())::refresh);
        }
        KnownExports exports = exports(tenant);
        if (exports != null) {
            refreshes.add(new ExportMetrics(exports, meters)::refresh);
        }
        return refreshes;
    }

    /** Null where nothing is exported. */
    private static @Nullable KnownExports exports(Tenant tenant) {
        OfferExports offered = tenant.parts().exports();
        return offered == null ? null : offered.known(tenant.configuration().export());
    }

    /** Null where none are delivered. */
    static @Nullable KnownSubscriptions subscriptions(Tenant tenant) {
        OfferSubscriptions offered = tenant.parts().subscriptions();
        return offered != null && tenant.parts().types().contains("Subscription") ? offered.known() : null;
    }

    private static Console serveConsole(
            Mounting mounting,
            Tenant tenant,
            PresentConfiguration present,
            AccessParts access,
            Pages pages,
            AskFhir ask,
            RequestMetrics metrics,
            MeterRegistry meters) {
        Set<String> types = tenant.parts().types();
        access.settings().follow(present::set);
        SettingActions settings = new SettingActions(present, access.settings());
        SubscriptionActions subscriptions = new SubscriptionActions(subscriptions(tenant));
        ExportActions exports = new ExportActions(exports(tenant));
        AdminActions actions = new AdminActions(
                access,
                new SynchronisationActions(tenant.synchronisations(), types, InstantSource.system()),
                settings,
                subscriptions,
                exports,
                new LoadActions(metrics.load()));
        Console console = Console.of(
                pages,
                access,
                actions,
                settings,
                types,
                tenant.synchronisations(),
                ResourcePages.of(pages, tenant.parts(), ask, tenant.synchronisations()),
                subscriptions,
                exports,
                metrics.load(),
                InstantSource.system());
        Gauge.builder("miroir.console.streams", console, Console::listening)
                .description("browsers that listen to the console")
                .register(meters);
        mounting.at(new AdminApi(actions), AdminRoute.BASE + "/*");
        mounting.at(console.forms(), ConsolePaths.FORMS + "*");
        mounting.at(console.events(), ConsolePaths.EVENTS);
        mounting.at(console.pages(), ConsolePaths.CONSOLE + "/*");
        return console;
    }
}
