package miroir.server.subscriptions;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;

/** A server that is told of changes, and keeps what it took. What it answers is up to the test. */
public final class TestReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Got> taken = new ConcurrentLinkedQueue<>();
    private final Queue<Got> all = new ConcurrentLinkedQueue<>();
    private volatile ToIntFunction<Got> answer = got -> 204;

    /** What it was sent. */
    public record Got(String method, String path, Map<String, String> headers, String body) {
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        /** The resource, as {@code Type/id}. */
        public String resource() {
            return header(WriteNotification.RESOURCE);
        }

        public long version() {
            return Long.parseLong(header(WriteNotification.VERSION));
        }

        /** What happened to which version of which resource. */
        public String change() {
            return header(WriteNotification.CHANGE) + " " + resource() + " " + version();
        }
    }

    public TestReceiver() throws IOException {
        this(0);
    }

    /** One on that port. */
    public TestReceiver(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new ConcurrentHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        Got got = new Got(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        all.add(got);
        int status = answer.applyAsInt(got);
        if (status / 100 == 2) {
            taken.add(got);
        }
        exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/elsewhere");
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /** Has it answer with a status. */
    public void answers(ToIntFunction<Got> status) {
        answer = status;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Where it is. */
    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** What it took, in the order in which it did. */
    public List<Got> taken() {
        return List.copyOf(taken);
    }

    /** The same in short. */
    public List<String> changes() {
        return taken().stream().map(Got::change).toList();
    }

    /** All that came, what it refused included. */
    public List<Got> all() {
        return List.copyOf(all);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
