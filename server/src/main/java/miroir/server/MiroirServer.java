package miroir.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import miroir.server.access.AccessParts;
import miroir.server.admin.AuditPages;
import miroir.server.configuration.LimitsConfiguration;
import miroir.server.configuration.ListenConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.FhirParts;
import miroir.server.format.Format;
import miroir.server.load.Load;
import miroir.server.load.LoadClock;
import miroir.server.pipeline.RequestMetrics;
import miroir.server.pipeline.SecurityHeaders;
import miroir.server.pipeline.TellTrace;
import miroir.server.tls.CertificateWatch;
import miroir.server.tls.ServerCertificate;
import miroir.storage.sync.Register;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.gzip.GzipEncoderConfig;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: Jetty around the pipeline around FHIR. */
public final class MiroirServer implements Container {
    private static final Logger LOG = LoggerFactory.getLogger(MiroirServer.class);
    private static final int SMALLEST_TO_COMPRESS = 1024;
    private static final int FASTEST = 1;

    private final Server jetty;
    private final ServerConnector connector;
    private final List<ServedTenant> tenants;
    private final TellTrace traces;
    private final LoadClock clock;
    private final Duration drain;

    private MiroirServer(
            Server jetty,
            ServerConnector connector,
            List<ServedTenant> tenants,
            TellTrace traces,
            LoadClock clock,
            Duration drain) {
        this.traces = traces;
        this.clock = clock;
        this.jetty = jetty;
        this.connector = connector;
        this.tenants = List.copyOf(tenants);
        this.drain = drain;
    }

    /** Starts; returns when requests are taken. The store stays the caller's to close. */
    public static MiroirServer start(ServerConfiguration configuration, FhirParts parts, @Nullable String token)
            throws Exception {
        return start(configuration, parts, token, false);
    }

    /**
     * Starts, as the benchmarks and tests want it.
     *
     * @param ordinaryPath builds HAPI models for every answer and has HAPI encode them, for comparison
     */
    public static MiroirServer start(
            ServerConfiguration configuration, FhirParts parts, @Nullable String token, boolean ordinaryPath)
            throws Exception {
        Tenant own = new Tenant(configuration, parts, token, null, null);
        return start(certificate(configuration, List.of()).orElse(null), own, List.of(), ordinaryPath);
    }

    /** Starts with consumers and administrators, as tests want it. */
    static MiroirServer start(
            ServerConfiguration configuration,
            FhirParts parts,
            @Nullable String token,
            AccessParts access,
            @Nullable Register synchronisations)
            throws Exception {
        Tenant own = new Tenant(configuration, parts, token, access, synchronisations);
        return start(certificate(configuration, List.of()).orElse(null), own, List.of(), false);
    }

    @Override
    public Load load(String tenant) {
        return tenants.stream()
                .filter(each -> each.name().equals(tenant))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no tenant is called " + tenant))
                .load();
    }

    /** Reads the certificate, which is for the names of tenants too. It can stop the start, and so should come before what takes long. */
    static Optional<ServerCertificate> certificate(
            ServerConfiguration configuration, List<ServerConfiguration> others) {
        List<String> hosts = hosts(configuration, others);
        return configuration.listen().tls().map(tls -> ServerCertificate.read(tls, hosts, InstantSource.system()));
    }

    /** All names under which somebody may ask. */
    static List<String> hosts(ServerConfiguration configuration, List<ServerConfiguration> others) {
        return Stream.concat(Stream.of(configuration), others.stream())
                .flatMap(each -> each.listen().allHosts().stream())
                .distinct()
                .toList();
    }

    /** Starts with a certificate that was read already, and with other tenants beside the server's own. */
    static MiroirServer start(
            @Nullable ServerCertificate certificate, Tenant own, List<Tenant> others, boolean ordinaryPath)
            throws Exception {
        ServerConfiguration configuration = own.configuration();
        LimitsConfiguration limits = configuration.limits();
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RequestMetrics metrics = new RequestMetrics(meters);
        JettyErrors errors = new JettyErrors(metrics, new SecurityHeaders(configuration.listen()), limits.headers());
        Server jetty = new Server(threads(limits));
        ServerConnector connector = connector(jetty, configuration, certificate);
        jetty.addConnector(connector);
        jetty.setErrorHandler(errors);
        jetty.setStopTimeout(limits.stop().toMillis());
        TellTrace traces = TellTrace.asConfigured(configuration.tracing());
        ServeTenant serve = ServeTenant.ofThisProcess(limits, meters, traces, ordinaryPath);
        List<ServedTenant> served = new ArrayList<>();
        List<MountedTenant> mounted = new ArrayList<>();
        try {
            ServletContextHandler pages = pages(errors);
            served.add(serve.served(own, pages.getServletContext(), meters, metrics, remarks(certificate)));
            mounted.add(new MountedTenant(served.get(0), pages));
            for (Tenant other : others) {
                ServletContextHandler ofOther = pages(errors);
                served.add(serve.served(other, ofOther.getServletContext()));
                mounted.add(new MountedTenant(served.get(served.size() - 1), ofOther));
            }
            jetty.setHandler(bounded(compressed(ChooseTenant.among(mounted)), connector, limits));
            jetty.addBean(new NetworkConnectionLimit(limits.connections(), connector));
            Gauge.builder(
                            "miroir.connections",
                            connector,
                            open -> open.getConnectedEndPoints().size())
                    .description("open connections")
                    .register(meters);
            if (certificate != null) {
                watch(certificate, jetty, meters);
            }
            jetty.start();
            LoadClock clock =
                    new LoadClock(served.stream().map(ServedTenant::load).toList(), InstantSource.system());
            return new MiroirServer(jetty, connector, served, traces, clock, limits.drain());
        } catch (Exception e) {
            ServedTenant.closeAll(served);
            traces.close();
            throw e;
        }
    }

    private static ServletContextHandler pages(JettyErrors errors) {
        ServletContextHandler pages = new ServletContextHandler("/", false, false);
        pages.setErrorHandler(errors);
        return pages;
    }

    private static Supplier<List<String>> remarks(@Nullable ServerCertificate certificate) {
        return certificate == null ? List::of : certificate::remarks;
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public String root(ServerConfiguration configuration) {
        ListenConfiguration listen = configuration.listen();
        String below = configuration.tenant().isEmpty() ? "" : "/" + configuration.tenant();
        return listen.scheme() + "://" + listen.address() + ":" + port() + below;
    }

    /** All that answers requests, for a test that nothing does beside the pipeline. */
    Handler.Container handlers() {
        return jetty;
    }

    /** Tells whoever watches {@code /health/ready} to send no more requests; those that come are answered. */
    void announceStop() {
        tenants.forEach(ServedTenant::announceStop);
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
            clock.close();
            ServedTenant.closeAll(tenants);
            traces.close();
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
            Server jetty, ServerConfiguration configuration, @Nullable ServerCertificate certificate) {
        LimitsConfiguration limits = configuration.limits();
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // A line ends with CR and LF: who takes LF alone can be told other headers than a gateway has seen.
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setRequestHeaderSize(limits.headers());
        HttpConnectionFactory connections = new HttpConnectionFactory(http);
        ServerConnector connector = certificate == null
                ? new ServerConnector(jetty, connections)
                : new ServerConnector(jetty, certificate.contexts(), connections);
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
        return new GracefulHandler(new ShowClients(deadline));
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
                        .compressIncludeMimeType("application/atom+xml")
                        .compressIncludeMimeType("application/x-ndjson")
                        .compressIncludeMimeType("image/svg+xml")
                        .compressIncludeMimeType("text/css")
                        .compressIncludeMimeType("text/csv")
                        .compressIncludeMimeType("text/html")
                        .compressIncludeMimeType("text/javascript")
                        .compressIncludeMimeType("text/plain")
                        .decompressExcludePath("/*")
                        .build());
        return compression;
    }
}
