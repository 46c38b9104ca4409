package miroir.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import miroir.index.structure.Structures;
import miroir.server.access.AccessParts;
import miroir.server.admin.AdminApi;
import miroir.server.admin.AuditPages;
import miroir.server.admin.SetUpPage;
import miroir.server.audit.Audit;
import miroir.server.configuration.LimitsConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.FhirParts;
import miroir.server.fhir.FhirServlets;
import miroir.server.format.Format;
import miroir.server.oidc.SmartConfigurationPage;
import miroir.server.oidc.TrustedIssuers;
import miroir.server.pages.HealthPage;
import miroir.server.pages.HomePage;
import miroir.server.pages.MetricsPage;
import miroir.server.pipeline.FhirBase;
import miroir.server.pipeline.RequestMetrics;
import miroir.server.pipeline.RequestPipeline;
import miroir.server.pipeline.SecurityHeaders;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.Router;
import miroir.server.tls.CertificateWatch;
import miroir.server.tls.ServerCertificate;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.gzip.GzipEncoderConfig;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: Jetty around the pipeline around FHIR. */
public final class MiroirServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MiroirServer.class);
    private static final int SMALLEST_TO_COMPRESS = 1024;
    private static final int FASTEST = 1;

    private final Server jetty;
    private final ServerConnector connector;
    private final HealthPage health;
    private final Audit audit;
    private final Duration drain;

    private MiroirServer(Server jetty, ServerConnector connector, HealthPage health, Audit audit, Duration drain) {
        this.audit = audit;
        this.jetty = jetty;
        this.connector = connector;
        this.health = health;
        this.drain = drain;
    }

    /** Starts; returns when requests are taken. The store stays the caller's to close. */
    public static MiroirServer start(ServerConfiguration configuration, FhirParts parts, Optional<String> token)
            throws Exception {
        return start(configuration, parts, token, false);
    }

    /**
     * Starts, as the benchmarks and tests want it.
     *
     * @param ordinaryPath builds HAPI models for every answer and has HAPI encode them, for comparison
     */
    public static MiroirServer start(
            ServerConfiguration configuration, FhirParts parts, Optional<String> token, boolean ordinaryPath)
            throws Exception {
        return start(configuration, certificate(configuration), parts, token, Optional.empty(), ordinaryPath);
    }

    /** Starts with consumers and administrators, as tests want it. */
    static MiroirServer start(
            ServerConfiguration configuration, FhirParts parts, Optional<String> token, AccessParts access)
            throws Exception {
        return start(configuration, certificate(configuration), parts, token, Optional.of(access), false);
    }

    /** Reads the certificate, which can stop the start, and so should come before what takes long. */
    static Optional<ServerCertificate> certificate(ServerConfiguration configuration) {
        List<String> hosts = configuration.listen().allHosts();
        return configuration.listen().tls().map(tls -> ServerCertificate.read(tls, hosts, InstantSource.system()));
    }

    /** Starts with a certificate that was read already. */
    static MiroirServer start(
            ServerConfiguration configuration,
            Optional<ServerCertificate> certificate,
            FhirParts parts,
            Optional<String> token,
            Optional<AccessParts> access,
            boolean ordinaryPath)
            throws Exception {
        LimitsConfiguration limits = configuration.limits();
        PrometheusMeterRegistry meters = meters();
        RequestMetrics metrics = new RequestMetrics(meters);
        JettyErrors errors = new JettyErrors(metrics, new SecurityHeaders(configuration.listen()), limits.headers());
        Server jetty = new Server(threads(limits));
        ServerConnector connector = connector(jetty, configuration, certificate);
        jetty.addConnector(connector);
        jetty.setErrorHandler(errors);
        jetty.setStopTimeout(limits.stop().toMillis());
        ServletContextHandler servlets = new ServletContextHandler("/", false, false);
        servlets.setErrorHandler(errors);
        HealthPage health = new HealthPage(
                parts.store(), () -> certificate.map(ServerCertificate::remarks).orElse(List.of()));
        Audit audit = access.map(kept -> Audit.in(kept.audit(), configuration.audit(), meters))
                .orElse(Audit.none());
        addServlets(servlets, configuration, parts, token, access, ordinaryPath, meters, metrics, audit, health);
        jetty.setHandler(bounded(compressed(servlets), connector, limits));
        jetty.addBean(new NetworkConnectionLimit(limits.connections(), connector));
        Gauge.builder(
                        "miroir.connections",
                        connector,
                        open -> open.getConnectedEndPoints().size())
                .description("open connections")
                .register(meters);
        certificate.ifPresent(shown -> watch(shown, jetty, meters));
        try {
            jetty.start();
        } catch (Exception e) {
            audit.close();
            throw e;
        }
        return new MiroirServer(jetty, connector, health, audit, limits.drain());
    }

    /** The port it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Tells whoever watches {@code /health/ready} to send no more requests; those that come are answered. */
    void announceStop() {
        health.announceStop();
    }

    /** Announces it, lets others take notice, takes no more requests, finishes those that are being worked on, then stops. */
    @Override
    public void close() {
        announceStop();
        try {
            Thread.sleep(drain.toMillis());
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop cleanly", e);
        } finally {
            audit.close();
        }
    }

    /** The expiry is an instant, so that whoever watches it decides how much earlier to call somebody. */
    private static void watch(ServerCertificate certificate, Server jetty, PrometheusMeterRegistry meters) {
        jetty.addBean(new CertificateWatch(certificate));
        Gauge.builder(
                        "miroir.tls.certificate.expiry",
                        certificate,
                        shown -> shown.expiry().getEpochSecond())
                .description("when the TLS certificate in force ends, in seconds since 1970")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("miroir.tls.certificate.refused", certificate, shown -> shown.isRefused() ? 1 : 0)
                .description("1 while the files hold a TLS certificate that cannot be used")
                .register(meters);
    }

    private static ServerConnector connector(
            Server jetty, ServerConfiguration configuration, Optional<ServerCertificate> certificate) {
        LimitsConfiguration limits = configuration.limits();
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // A line ends with CR and LF: who takes LF alone can be told other headers than a gateway has seen.
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setRequestHeaderSize(limits.headers());
        HttpConnectionFactory connections = new HttpConnectionFactory(http);
        ServerConnector connector = certificate
                .map(shown -> new ServerConnector(jetty, shown.contexts(), connections))
                .orElseGet(() -> new ServerConnector(jetty, connections));
        connector.setHost(configuration.listen().address());
        connector.setPort(configuration.listen().port());
        connector.setIdleTimeout(limits.idle().toMillis());
        return connector;
    }

    /** What does not get on ends: requests that do not begin, bodies, answers; and a stop waits for those that do. */
    private static Handler bounded(Handler handler, ServerConnector connector, LimitsConfiguration limits) {
        LeastRates rates = new LeastRates(
                handler,
                new LeastRate(limits.requestRate(), limits.idle()),
                new LeastRate(limits.answerRate(), limits.idle()));
        RequestDeadline deadline = new RequestDeadline(
                rates, connector.getScheduler(), limits.idle().multipliedBy(2));
        connector.addEventListener(deadline);
        return new GracefulHandler(deadline);
    }

    /**
     * A request that waits for the database or for a slow client costs a virtual thread next to nothing. Before Java 21
     * there are as many threads as are configured.
     */
    private static QueuedThreadPool threads(LimitsConfiguration limits) {
        QueuedThreadPool pool = new QueuedThreadPool(limits.threads());
        Executor virtual = limits.virtualThreads() ? VirtualThreads.getDefaultVirtualThreadsExecutor() : null;
        pool.setVirtualThreadsExecutor(virtual);
        LOG.info("requests are worked on in {}", virtual == null ? limits.threads() + " threads" : "virtual threads");
        return pool;
    }

    private static PrometheusMeterRegistry meters() {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        return meters;
    }

    private static void addServlets(
            ServletContextHandler servlets,
            ServerConfiguration configuration,
            FhirParts parts,
            Optional<String> token,
            Optional<AccessParts> access,
            boolean ordinaryPath,
            PrometheusMeterRegistry meters,
            RequestMetrics metrics,
            Audit audit,
            HealthPage health) {
        Set<String> types = parts.types();
        Router router = new Router(types, Structures.r4().resourceTypes());
        WorkingMemory memory = WorkingMemory.ofThisHeap();
        Turns turns = Turns.of(configuration.limits());
        turns.show(meters);
        TrustedIssuers issuers = new TrustedIssuers(
                configuration.access().issuers(), AccessParts.tokens(access), InstantSource.system());
        RequestPipeline pipeline = new RequestPipeline(
                configuration,
                token,
                issuers,
                AccessParts.tokens(access),
                parts.search()::inForce,
                router,
                metrics,
                audit,
                memory);
        servlets.addFilter(new FilterHolder(pipeline), "/*", EnumSet.of(DispatcherType.REQUEST));
        servlets.addServlet(
                new ServletHolder(
                        FhirServlets.create(configuration, parts, memory, turns, issuers::security, ordinaryPath)),
                FhirBase.PATH + "/*");
        servlets.addServlet(new ServletHolder(new SmartConfigurationPage(issuers)), FhirBase.PATH + "/" + Router.SMART);
        servlets.addServlet(new ServletHolder(health), "/health/*");
        servlets.addServlet(new ServletHolder(new MetricsPage(meters)), "/metrics");
        access.ifPresent(known -> {
            servlets.addServlet(new ServletHolder(new AdminApi(known)), AdminRoute.BASE + "/*");
            servlets.addServlet(new ServletHolder(new SetUpPage(known)), SetUpPage.PATH);
        });
        servlets.addServlet(new ServletHolder(new HomePage(parts.store(), types)), "/");
    }

    private static Handler compressed(Handler handler) {
        GzipEncoderConfig encoder = new GzipEncoderConfig();
        encoder.setCompressionLevel(FASTEST);
        GzipCompression gzip = new GzipCompression();
        gzip.setDefaultEncoderConfig(encoder);
        gzip.setMinCompressSize(SMALLEST_TO_COMPRESS);
        CompressionHandler compression = new CompressionHandler(handler);
        compression.putCompression(gzip);
        // Bodies of requests are unpacked where their size is counted, not here.
        compression.putConfiguration(
                "/*",
                CompressionConfig.builder()
                        .compressIncludeMethod("GET")
                        .compressIncludeMethod("HEAD")
                        .compressIncludeMethod("POST")
                        .compressIncludeMethod("PUT")
                        .compressIncludeMimeType(Format.JSON.mediaType())
                        .compressIncludeMimeType(Format.XML.mediaType())
                        .compressIncludeMimeType(AuditPages.NDJSON)
                        .compressIncludeMimeType("text/html")
                        .compressIncludeMimeType("text/plain")
                        .decompressExcludePath("/*")
                        .build());
        return compression;
    }
}
