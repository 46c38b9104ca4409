package miroir.sync.daemon;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import miroir.index.Refusal;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import miroir.sync.run.Progress;
import miroir.sync.upstream.Upstream;

/** {@code /metrics} of the daemon in Prometheus' text format, on the loopback. */
public final class MetricsPage implements AutoCloseable {
    private final Daemon daemon;
    private final HttpServer server;

    private MetricsPage(Daemon daemon, HttpServer server) {
        this.daemon = daemon;
        this.server = server;
    }

    /** Begins to answer; port 0 takes a free one. */
    public static MetricsPage start(Daemon daemon, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        MetricsPage page = new MetricsPage(daemon, server);
        server.createContext("/metrics", page::answer);
        server.start();
        return page;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    String text() {
        MetricsText text = new MetricsText();
        text.gauge("miroir_sync_leading", "Whether this process leads.", "", daemon.isLeading() ? 1 : 0);
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
