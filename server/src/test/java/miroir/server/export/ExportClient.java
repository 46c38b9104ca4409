package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.server.Http;
import miroir.server.ServerProcess;
import org.bson.Document;

/** Who asks a server in another process for exports, and fetches several of their files at once. */
final class ExportClient {
    private static final int AT_ONCE = 4;
    private static final String OK = "HTTP/1.1 200 ";
    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int NARROW = 1 << 12;
    private static final int LINES_BETWEEN_LOOKS = 5_000;
    private static final Pattern LINE = Pattern.compile(
            "\"resourceType\":\"([A-Za-z]+)\",\"id\":\"([^\"]+)\",\"meta\":\\{\"versionId\":\"([0-9]+)\"");
    private static final Pattern HEAP = Pattern.compile("jvm_memory_used_bytes\\{area=\"heap\"[^}]*} ([0-9.E]+)");

    private final ServerProcess server;
    private final String token;
    private final AtomicLong peak = new AtomicLong();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ExportClient(ServerProcess server, String token) {
        this.server = server;
        this.token = token;
    }

    private HttpResponse<String> get(URI uri, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("Authorization", "Bearer " + token));
        all.addAll(List.of(headers));
        return Http.send("GET", uri, all.toArray(String[]::new));
    }

    String begin(String query) throws Exception {
        HttpResponse<String> begun = get(server.uri("/fhir/$export" + query), "Prefer", "respond-async");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        return begun.headers().firstValue("Content-Location").orElseThrow();
    }

    void end(String address) throws Exception {
        Http.send("DELETE", URI.create(address), "Authorization", "Bearer " + token);
    }

    Document complete(String address) {
        List<Document> manifest = new ArrayList<>();
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    HttpResponse<String> status = get(URI.create(address));
                    assertThat(status.statusCode()).as(status.body()).isIn(200, 202);
                    if (status.statusCode() == 200) {
                        manifest.add(Document.parse(status.body()));
                    }
                    return !manifest.isEmpty();
                });
        assertThat(server.isAlive()).isTrue();
        return manifest.get(0);
    }

    /** Versions by resource, of which none is there twice. */
    Map<String, Integer> resources(Document manifest) throws Exception {
        Map<String, Integer> all = new HashMap<>();
        for (Map<String, Integer> file : together(manifest.getList("output", Document.class), this::resourcesOf)) {
            file.forEach((key, version) ->
                    assertThat(all.put(key, version)).as("twice: %s", key).isNull());
        }
        return all;
    }

    /** What it says was deleted, of which nothing is there twice. */
    Set<String> deleted(Document manifest) throws Exception {
        Set<String> all = new TreeSet<>();
        for (List<String> file : together(manifest.getList("deleted", Document.class), this::deletionsOf)) {
            file.forEach(key -> assertThat(all.add(key)).as("twice: %s", key).isTrue());
        }
        return all;
    }

    private interface Fetching<T> {
        T of(Document file) throws Exception;
    }

    private static <T> List<T> together(List<Document> files, Fetching<T> fetching) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<T>> begun = new ArrayList<>();
            for (Document file : files) {
                begun.add(threads.submit(() -> fetching.of(file)));
            }
            List<T> fetched = new ArrayList<>();
            for (Future<T> each : begun) {
                fetched.add(each.get());
            }
            return fetched;
        } finally {
            threads.shutdownNow();
        }
    }

    private Map<String, Integer> resourcesOf(Document file) throws Exception {
        Map<String, Integer> versions = new HashMap<>();
        eachLine(file, line -> {
            Matcher matcher = LINE.matcher(line);
            assertThat(matcher.find()).as(line).isTrue();
            String key = matcher.group(1) + "/" + matcher.group(2);
            assertThat(versions.put(key, Integer.valueOf(matcher.group(3))))
                    .as("twice: %s", key)
                    .isNull();
        });
        return versions;
    }

    private List<String> deletionsOf(Document file) throws Exception {
        List<String> deleted = new ArrayList<>();
        eachLine(
                file,
                line -> Document.parse(line)
                        .getList("entry", Document.class)
                        .forEach(entry ->
                                deleted.add(entry.get("request", Document.class).getString("url"))));
        return deleted;
    }

    private interface Line {
        void is(String text) throws Exception;
    }

    /** As many as are counted, where they are. */
    private void eachLine(Document file, Line told) throws Exception {
        String url = file.getString("url");
        HttpResponse<InputStream> answer = client.send(request(url), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        long lines = 0;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null) {
                told.is(line);
                if (++lines % LINES_BETWEEN_LOOKS == 0) {
                    peak.accumulateAndGet(heap(), Math::max);
                }
                line = reader.readLine();
            }
        }
        if (file.containsKey("count")) {
            assertThat(lines).as(url).isEqualTo(file.getInteger("count").longValue());
        }
    }

    private HttpRequest request(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .build();
    }

    /** Has the server killed while it sends a file; whether that is noticed. Whoever reads takes little at a time, lest a small file is on its way as a whole. */
    boolean breaksOff(String address) throws Exception {
        URI url = URI.create(address);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(NARROW);
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
            ask(socket, url);
            InputStream in = socket.getInputStream();
            byte[] begin = in.readNBytes(NARROW);
            assertThat(new String(begin, StandardCharsets.US_ASCII)).startsWith(OK);
            server.restart();
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            in.transferTo(rest);
            return !rest.toString(StandardCharsets.US_ASCII)
                    .endsWith(new String(LAST_CHUNK, StandardCharsets.US_ASCII));
        } catch (SocketException e) {
            return true;
        }
    }

    private long heap() throws Exception {
        Matcher matcher = HEAP.matcher(get(server.uri("/metrics")).body());
        double used = 0;
        while (matcher.find()) {
            used += Double.parseDouble(matcher.group(1));
        }
        return (long) used;
    }

    /** The most that was used of the server's heap whenever somebody looked. */
    long peakHeap() {
        return peak.get();
    }

    /** How many lines come in a second to a client that does nothing but read, one file after the other. */
    double linesPerSecond(Document manifest) throws IOException {
        long lines = 0;
        long begun = System.nanoTime();
        for (Document file : manifest.getList("output", Document.class)) {
            long read = readAll(URI.create(file.getString("url")));
            assertThat(read)
                    .as(file.getString("url"))
                    .isEqualTo(file.getInteger("count").longValue());
            lines += read;
        }
        return lines * 1e9 / (System.nanoTime() - begun);
    }

    /** The lines of a file that came whole. Chunks have ends of lines of their own, behind a carriage return, which a resource has none of. */
    private long readAll(URI url) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            ask(socket, url);
            InputStream in = socket.getInputStream();
            byte[] block = new byte[1 << 18];
            int read = in.readNBytes(block, 0, OK.length());
            assertThat(new String(block, 0, read, StandardCharsets.US_ASCII)).isEqualTo(OK);
            byte[] last = new byte[LAST_CHUNK.length];
            long lines = 0;
            byte before = 0;
            while (!Arrays.equals(last, LAST_CHUNK)) {
                read = in.read(block);
                assertThat(read).as("what there is of %s before its end", url).isPositive();
                for (int i = 0; i < read; i++) {
                    if (block[i] == '\n' && before != '\r') {
                        lines++;
                    }
                    before = block[i];
                }
                keep(last, block, read);
            }
            return lines;
        }
    }

    /** The last bytes of all that was read. */
    private static void keep(byte[] last, byte[] block, int read) {
        int taken = Math.min(read, last.length);
        System.arraycopy(last, taken, last, 0, last.length - taken);
        System.arraycopy(block, read - taken, last, last.length - taken, taken);
    }

    /** A connection that stays open has chunks, and an end of them. */
    private void ask(Socket socket, URI url) throws IOException {
        String request = "GET " + url.getRawPath() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token
                + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }
}
