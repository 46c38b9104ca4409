package miroir.sql;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToDoubleFunction;
import miroir.sql.copy.KeepCopy;

/** {@code /metrics} of {@code sql run} in Prometheus' text format, on the loopback. */
final class MetricsPage implements AutoCloseable {
    private final List<KeepCopy> copies;
    private final HttpServer server;

    private MetricsPage(List<KeepCopy> copies, HttpServer server) {
        this.copies = copies;
        this.server = server;
    }

    /** Begins to answer; port 0 takes a free one. */
    static MetricsPage start(List<KeepCopy> copies, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        MetricsPage page = new MetricsPage(copies, server);
        server.createContext("/metrics", page::answer);
        server.start();
        return page;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = text(Instant.now()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    String text(Instant now) {
        StringBuilder text = new StringBuilder();
        family(
                text,
                "miroir_sql_up",
                "gauge",
                "Whether the copy is kept by this process and goes on.",
                copy -> copy.asOf() != null && copy.failure() == null ? 1 : 0);
        family(text, "miroir_sql_lag_seconds", "gauge", "How long ago the instant is that the copy is as of.", copy -> {
            Instant asOf = copy.asOf();
            return asOf == null ? Double.NaN : Duration.between(asOf, now).toMillis() / 1e3;
        });
        family(
                text,
                "miroir_sql_changes_total",
                "counter",
                "Resources whose rows were changed by this process.",
                KeepCopy::changes);
        return text.toString();
    }

    private void family(StringBuilder text, String name, String type, String help, ToDoubleFunction<KeepCopy> value) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        for (KeepCopy copy : copies) {
            text.append(name)
                    .append("{copy=\"")
                    .append(copy.name())
                    .append("\"} ")
                    .append(value.applyAsDouble(copy))
                    .append('\n');
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
