package miroir.sync.testing;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A directory of one type's resources with paging, counts and a clock that a test moves; the next answers can be scripted. */
public final class ScriptedUpstream implements AutoCloseable {
    /** What to do instead of answering; null: answer as usual. */
    public interface Fault extends Function<Call, @Nullable Response> {}

    /**
     * What is asked.
     *
     * @param gzip whether the answer may be zipped
     */
    public record Call(String path, String query, int number, boolean gzip) {
        public boolean isPage() {
            return path.endsWith("/_page");
        }

        public boolean isCount() {
            return query.contains("_count=0");
        }
    }

    /** An answer, zipped where its headers say so; a length beyond the body's leaves the connection cut in the middle of it. */
    public record Response(int status, String body, Map<String, String> headers, int length) {
        public static Response of(int status, String body) {
            return new Response(status, body, Map.of(), 0);
        }

        public Response with(String header, String value) {
            Map<String, String> more = new TreeMap<>(headers);
            more.put(header, value);
            return new Response(status, body, more, length);
        }
    }

    /** A resource and when it changed. */
    public record Stamped(String json, Instant updated) {}

    private record Snapshot(List<String> rest, int size, long total) {}

    private final ServerSocket server;
    private final Map<String, Stamped> resources = new ConcurrentHashMap<>();
    private final Map<String, Snapshot> links = new ConcurrentHashMap<>();
    private final ConcurrentLinkedDeque<Fault> script = new ConcurrentLinkedDeque<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile @Nullable Fault always;
    private volatile Instant now = Instant.parse("2026-09-01T08:00:00Z");

    public ScriptedUpstream() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "upstream");
        thread.setDaemon(true);
        thread.start();
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/fhir/v2");
    }

    public void put(String id, String content) {
        put(id, content, now);
    }

    public void put(String id, String content, Instant updated) {
        String json = "{\"resourceType\":\"Organization\",\"id\":\"" + id
                + "\",\"meta\":{\"versionId\":\"1\",\"lastUpdated\":\"" + updated + "\"}," + content + "}";
        resources.put(id, new Stamped(json, updated));
    }

    public void raw(String id, String json) {
        resources.put(id, new Stamped(json, now));
    }

    /** As the mass bumps do: newer, with the same content. */
    public void bump(String id) {
        Stamped known = resources.get(id);
        if (known != null) {
            resources.put(id, new Stamped(known.json().replace(known.updated().toString(), now.toString()), now));
        }
    }

    public void vanish(String id) {
        resources.remove(id);
    }

    public Map<String, Stamped> resources() {
        return resources;
    }

    public Instant now() {
        return now;
    }

    public void advance(Duration duration) {
        now = now.plus(duration);
    }

    /** The next call is answered by this; each fault once, in order. */
    public void next(Fault... faults) {
        script.addAll(Arrays.asList(faults));
    }

    public void next(int times, Response response) {
        for (int i = 0; i < times; i++) {
            next(call -> response);
        }
    }

    /** Asked about every call, before the script. */
    public void always(@Nullable Fault fault) {
        always = fault;
    }

    public List<Call> calls() {
        return calls;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JDK's server sends its own date, and this one's clock is moved by tests. */
    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> handle(socket), "upstream");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void handle(Socket socket) {
        try (socket;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
            String request = in.readLine();
            boolean gzip = false;
            for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                gzip |= header.equalsIgnoreCase("Accept-Encoding: gzip");
            }
            if (request != null) {
                URI uri = URI.create(request.split(" ", -1)[1]);
                String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
                Call call = new Call(uri.getPath(), query, calls.size() + 1, gzip);
                calls.add(call);
                send(socket.getOutputStream(), respond(call));
            }
        } catch (IOException e) {
            // whoever asked has gone
        }
    }

    private Response respond(Call call) {
        Fault every = always;
        Response response = every == null ? null : every.apply(call);
        if (response == null) {
            Fault fault = script.poll();
            response = fault == null ? null : fault.apply(call);
        }
        return response == null ? answer(call) : response;
    }

    private void send(OutputStream out, Response response) throws IOException {
        byte[] plain = response.body().getBytes(StandardCharsets.UTF_8);
        byte[] body = "gzip".equals(response.headers().get("Content-Encoding")) ? zipped(plain) : plain;
        Map<String, String> headers = new TreeMap<>(Map.of(
                "Connection",
                "close",
                "Content-Length",
                "" + Math.max(response.length(), body.length),
                "Content-Type",
                "application/fhir+json",
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atZone(ZoneOffset.UTC))));
        headers.putAll(response.headers());
        StringBuilder head = new StringBuilder("HTTP/1.1 " + response.status() + " x\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    private static byte[] zipped(byte[] plain) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(plain);
        }
        return zipped.toByteArray();
    }

    /** What it answers to a call when nothing goes wrong. */
    public Response answer(Call call) {
        return answerWithout("", call);
    }

    /** The same as if there were no resource of that id, in this answer alone. */
    public Response answerWithout(String hidden, Call call) {
        if (call.isPage()) {
            Snapshot snapshot = links.get(call.query().substring(3));
            return snapshot == null
                    ? Response.of(
                            500,
                            "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":"
                                    + "\"exception\",\"diagnostics\":\"The url can't be processed. Maybe it is too old or corrupted.\"}]}")
                    : page(snapshot);
        }
        List<String> found = new ArrayList<>();
        new TreeMap<>(resources).forEach((id, each) -> {
            if (!id.equals(hidden) && matches(call.query(), id, each)) {
                found.add(each.json());
            }
        });
        return page(new Snapshot(found, (int) Long.parseLong(parameter(call.query(), "_count", "50")), found.size()));
    }

    private Response page(Snapshot snapshot) {
        List<String> shown = snapshot.rest()
                .subList(0, Math.min(snapshot.size(), snapshot.rest().size()));
        List<String> rest =
                snapshot.rest().subList(shown.size(), snapshot.rest().size());
        StringBuilder json = new StringBuilder(
                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":" + snapshot.total() + ",\"entry\":[");
        for (int i = 0; i < shown.size(); i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"resource\":")
                    .append(shown.get(i))
                    .append('}');
        }
        json.append("],\"link\":[");
        if (!rest.isEmpty() && snapshot.size() > 0) {
            String link = UUID.randomUUID().toString();
            links.put(link, new Snapshot(rest, snapshot.size(), snapshot.total()));
            json.append("{\"relation\":\"next\",\"url\":\"")
                    .append(base())
                    .append("/_page?id=")
                    .append(link)
                    .append("\"},");
        }
        return Response.of(200, json + "{\"relation\":\"self\",\"url\":\"x\"}]}");
    }

    private static boolean matches(String query, String id, Stamped each) {
        for (String pair : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String value = URLDecoder.decode(parts.length == 2 ? parts[1] : "", StandardCharsets.UTF_8);
            boolean matches = switch (parts[0]) {
                case "_id" -> List.of(value.split(",", -1)).contains(id);
                case "_lastUpdated" -> {
                    Instant bound = Instant.parse(value.substring(2));
                    yield value.startsWith("ge")
                            ? !each.updated().isBefore(bound)
                            : each.updated().isBefore(bound);
                }
                case "name" -> each.json().contains("\"name\":\"" + value);
                default -> true;
            };
            if (!matches) {
                return false;
            }
        }
        return true;
    }

    private static String parameter(String query, String name, String otherwise) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return otherwise;
    }
}
