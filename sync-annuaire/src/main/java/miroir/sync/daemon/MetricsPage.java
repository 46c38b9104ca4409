package miroir.sync.daemon;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import miroir.sync.run.Progress;
import miroir.sync.upstream.Upstream;

/**
 * {@code /metrics} of the daemon in Prometheus' text format, and {@code /health/live}: whether it goes on. Both are on the loopback. The second asks
 * nothing of the database, and does not wait for those who ask for the first, which does, nor for those who connect and do not ask: a thread waits with each connection that has begun a request,
 * so there are many, and whoever has not asked after some seconds is sent away.
 */
public final class MetricsPage implements AutoCloseable {
    private static final int THREADS = 64;

    /** As many as may wait for the database. */
    private static final int ASKING = 3;

    private static final Set<String> READ = Set.of("GET", "HEAD");
    private static final String LONGEST_REQUEST = "sun.net.httpserver.maxReqTime";

    static {
        // In seconds. Java's server takes it from nowhere else, and from here when the first one in the process is
        // made.
        if (System.getProperty(LONGEST_REQUEST) == null) {
            System.setProperty(LONGEST_REQUEST, "5");
        }
    }

    private final Daemon daemon;
    private final HttpServer server;
    private final Instant began;
    private final ThreadPoolExecutor answering = new ThreadPoolExecutor(
            THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), MetricsPage::thread);

    private final Semaphore metrics = new Semaphore(ASKING);

    private MetricsPage(Daemon daemon, HttpServer server) {
        this.daemon = daemon;
        this.server = server;
        this.began = daemon.parts().clock().instant();
        answering.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "metrics");
        thread.setDaemon(true);
        return thread;
    }

    /** Begins to answer; port 0 takes a free one. */
    public static MetricsPage start(Daemon daemon, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        MetricsPage page = new MetricsPage(daemon, server);
        server.setExecutor(page.answering);
        server.createContext("/metrics", asked(page::answerMetrics));
        server.createContext("/health/live", asked(page::answerHealth));
        server.start();
        return page;
    }

    /** Of the path alone, and not of those below it, which the server gives to the same. */
    private static HttpHandler asked(HttpHandler page) {
        return exchange -> {
            if (!exchange.getRequestURI()
                    .getPath()
                    .equals(exchange.getHttpContext().getPath())) {
                answer(exchange, 404, "text/plain", "there are /metrics and /health/live\n");
            } else if (!READ.contains(exchange.getRequestMethod())) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer(
                        exchange,
                        405,
                        "text/plain",
                        exchange.getRequestMethod() + " is not allowed; GET and HEAD are\n");
            } else {
                page.handle(exchange);
            }
        };
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        answering.shutdownNow();
    }

    private void answerMetrics(HttpExchange exchange) throws IOException {
        if (!metrics.tryAcquire()) {
            answer(
                    exchange,
                    503,
                    "text/plain",
                    "others ask for metrics already, and the database does not answer them\n");
            return;
        }
        try {
            answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", text());
        } finally {
            metrics.release();
        }
    }

    private void answerHealth(HttpExchange exchange) throws IOException {
        List<String> still = daemon.standsStill();
        String says = still.isEmpty() ? "it goes on" : String.join("\n", still);
        answer(exchange, still.isEmpty() ? 200 : 503, "text/plain", says + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            if (isHead) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            }
            exchange.sendResponseHeaders(status, isHead ? -1 : body.length);
            if (!isHead) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    String text() {
        MetricsText text = new MetricsText();
        text.gauge("miroir_sync_leading", "Whether this process leads.", "", daemon.isLeading() ? 1 : 0);
        text.gauge("miroir_sync_start_time_seconds", "When this process began, since 1970.", "", (double)
                began.getEpochSecond());
        boolean goesOn = daemon.standsStill().isEmpty();
        text.gauge("miroir_sync_goes_on", "Whether this process goes on, leading or not.", "", goesOn ? 1 : 0);
        for (Upstream upstream : daemon.parts().upstreams().values()) {
            source(text, upstream);
        }
        daemon.counts().forEach((name, counts) -> counts(text, name, counts));
        for (Progress progress : daemon.progress()) {
            progress(text, progress);
        }
        try {
            Instant now = daemon.parts().clock().instant();
            daemon.parts().register().all().forEach(each -> synchronisation(text, each, now));
            text.gauge("miroir_sync_database_up", "Whether the database answers.", "", 1);
        } catch (Refusal e) {
            text.gauge("miroir_sync_database_up", "Whether the database answers.", "", 0);
        }
        return text.toString();
    }

    private static void source(MetricsText text, Upstream upstream) {
        String source = "source=\"" + upstream.source().name() + "\"";
        text.counter("miroir_sync_calls_total", "Calls of the upstream.", source, (double) upstream.calls());
        text.counter("miroir_sync_retries_total", "Calls that were made again.", source, (double) upstream.retries());
        text.gauge(
                "miroir_sync_left_alone",
                "Whether the upstream failed so often that it is left alone.",
                source,
                upstream.isLeftAlone() ? 1 : 0);
        upstream.oddities()
                .counts()
                .forEach((kind, count) -> text.counter(
                        "miroir_sync_oddities_total",
                        "What the upstream does that FHIR does not have.",
                        source + ",kind=\"" + kind + "\"",
                        count));
    }

    private static void progress(MetricsText text, Progress progress) {
        String run = "synchronisation=\"" + progress.synchronisation() + "\"";
        text.gauge("miroir_sync_run_total", "Resources that the run reads.", run, (double) progress.total());
        text.gauge("miroir_sync_run_read", "Resources that it has read.", run, (double) progress.read());
        text.gauge("miroir_sync_run_rate", "Resources in a second.", run, progress.rate());
    }

    /** A run may be over before anybody asks for it. */
    private static void counts(MetricsText text, String synchronisation, Counts counts) {
        String labels = "synchronisation=\"" + synchronisation + "\",what=\"";
        counts.byName()
                .forEach((what, count) -> text.counter(
                        "miroir_sync_counts_total",
                        "What this process has done since its start.",
                        labels + what + "\"",
                        count));
    }

    private void synchronisation(MetricsText text, Synchronisation each, Instant now) {
        String name = "synchronisation=\"" + each.name() + "\"";
        for (Synchronisation.State state : Synchronisation.State.values()) {
            text.gauge(
                    "miroir_sync_state",
                    "1 for the state that it is in.",
                    name + ",state=\"" + state.name().toLowerCase(Locale.ROOT) + "\"",
                    each.state() == state ? 1 : 0);
        }
        text.gauge(
                "miroir_sync_late",
                "Whether two of its times have passed since a run was complete, or since the first one began.",
                name,
                each.isLate(now) ? 1 : 0);
        Instant mark = each.mark();
        if (mark != null) {
            text.gauge(
                    "miroir_sync_age_seconds",
                    "How long ago, by the upstream's clock, the copy was complete.",
                    name,
                    (double) Duration.between(mark, now).toSeconds());
        }
        daemon.parts()
                .register()
                .run(each.run())
                .map(Run::counts)
                .ifPresent(counts -> counts.byName()
                        .forEach((what, count) -> text.gauge(
                                "miroir_sync_open_run_counts",
                                "What the open run did.",
                                name + ",what=\"" + what + "\"",
                                count)));
    }
}
