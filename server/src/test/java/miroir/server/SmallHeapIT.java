package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server with little memory that ends at once where it runs out of it, and clients that together want many times as much.
 * Each is answered, or asked to try again.
 */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SmallHeapIT {
    private static final int CLIENTS = 16;
    private static final int BODIES = 2;
    private static final int LARGE = 4_000_000;
    private static final int RESOURCES = 12;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private ServerProcess server;

    @BeforeAll
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        server = new ServerProcess(
                database,
                folder.resolve("server.log"),
                () -> List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
                Map.of("MIROIR_TYPES", "Organization", "MIROIR_WRITABLE", "true"));
        awaitReady();
    }

    private void awaitReady() {
        await().atMost(Duration.ofMinutes(2)).until(server::isReady);
    }

    @AfterAll
    void stop() {
        clients.shutdownNow();
        server.close();
    }

    /** One test that ends it is enough to fail. */
    @AfterEach
    void startAgainWhereItEnded() throws Exception {
        if (!server.isAlive()) {
            server.restart();
            awaitReady();
        }
    }

    /** Of small elements, XML and what is indented is several times as long as what is stored. */
    @Test
    void pages_moreThanFitIntoMemory_areAnsweredOneAfterTheOther() throws Exception {
        for (int i = 0; i < RESOURCES; i++) {
            assertThat(put("paged-" + i, "paged", 1 << 19, 1 << 15)).isIn(200, 201);
        }

        for (String format : List.of("", "&_pretty=true", "&_format=xml&_pretty=true")) {
            List<Integer> statuses = fromAll(
                    1, () -> status(HttpRequest.newBuilder(server.uri("/fhir/Organization?name=paged" + format))));

            assertThat(server.isAlive()).as(format).isTrue();
            assertThat(statuses).as(format).contains(200).isSubsetOf(200, 503);
        }
    }

    @Tag("smoke")
    @Test
    void bodies_moreThanFitIntoMemory_areReadOneAfterTheOther() throws Exception {
        List<Integer> statuses =
                fromAll(BODIES, () -> put("large-" + Thread.currentThread().getId(), LARGE, 1));

        assertThat(server.isAlive()).isTrue();
        assertThat(statuses).containsAnyOf(200, 201).isSubsetOf(200, 201, 503);
    }

    @Test
    void bodiesInXml_moreThanFitIntoMemory_areReadOneAfterTheOther() throws Exception {
        List<Integer> statuses =
                fromAll(1, () -> putXml("large-" + Thread.currentThread().getId()));

        assertThat(server.isAlive()).isTrue();
        assertThat(statuses).containsAnyOf(200, 201).isSubsetOf(200, 201, 503);
    }

    /** They are small as they are sent, and take many times as much when they are read. */
    @Test
    void bundlesThatAreBombs_areRefused_andHonestOnesAreDone() throws Exception {
        String begin = "{\"resourceType\":\"Bundle\",\"type\":\"batch\",";
        int most = 4_100_000;
        for (String element : List.of("{}", "0", "{\"resource\":{}}")) {
            for (String name : List.of("entry", "link")) {
                String bomb = begin + "\"" + name + "\":[" + (element + ",").repeat(most / (element.length() + 1))
                        + element + "]}";
                assertThat(fromAll(1, () -> post(bomb, true)))
                        .as(name + element)
                        .isSubsetOf(413, 422, 503);
                assertThat(post(bomb, false)).as(name + element).isIn(413, 422);
                assertThat(server.isAlive()).isTrue();
            }
        }
        String inside = begin
                + "\"entry\":[{\"request\":{\"method\":\"PUT\",\"url\":\"Organization/x\"},\"resource\":{\"resourceType\":\"Organization\",\"alias\":["
                + "0,".repeat(most / 2 - 200) + "0]}}]}";
        assertThat(post(inside, true)).isIn(200, 413);
        StringBuilder honest = new StringBuilder(begin).append("\"entry\":[");
        for (int i = 0; i < 900; i++) {
            honest.append(i == 0 ? "" : ",")
                    .append("{\"request\":{\"method\":\"PUT\",\"url\":\"Organization/b")
                    .append(i)
                    .append("\"},\"resource\":{\"resourceType\":\"Organization\",\"id\":\"b")
                    .append(i)
                    .append("\",\"name\":\"")
                    .append("x".repeat(4_000))
                    .append("\"}}");
        }
        String all = honest.append("]}").toString();
        List<Integer> statuses = fromAll(1, () -> post(all, false));
        assertThat(server.isAlive()).isTrue();
        assertThat(statuses).contains(200).isSubsetOf(200, 503);
    }

    private int post(String bundle, boolean packed) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri("/fhir")).header("Content-Type", "application/fhir+json");
        byte[] body = bundle.getBytes(StandardCharsets.UTF_8);
        if (packed) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write(body);
            }
            body = bytes.toByteArray();
            request.header("Content-Encoding", "gzip");
        }
        return status(request.POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** What is replaced, deleted or erased is read whole, however small the request is. */
    @Test
    void writesOverLargeResources_moreThanFitIntoMemory_areDoneOneAfterTheOther() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(put("w" + i, LARGE, 1)).isIn(200, 201);
        }
        AtomicInteger next = new AtomicInteger();

        List<Integer> statuses = fromAll(1, () -> writeOver(next.getAndIncrement()));

        assertThat(server.isAlive()).isTrue();
        assertThat(statuses).contains(200, 204).isSubsetOf(200, 204, 503);
    }

    /** Anybody may send forms, and take as long as the least rate allows. */
    @Tag("smoke")
    @Test
    void formsThatDoNotGoOn_leaveTheOthersAlone() throws Exception {
        assertThat(put("small", "small", 1, 1)).isIn(200, 201);
        List<Socket> forms = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                forms.add(beginForm());
            }
            for (int i = 0; i < CLIENTS; i++) {
                assertThat(status(HttpRequest.newBuilder(server.uri("/fhir/Organization?name=small"))))
                        .isEqualTo(200);
                assertThat(put("small", "small", i + 2, 1)).isEqualTo(200);
            }
        } finally {
            for (Socket form : forms) {
                form.close();
            }
        }
    }

    /** More of it than needs no room. */
    private Socket beginForm() throws IOException {
        URI uri = server.uri("/");
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        String begun = "POST /fhir/Organization/_search HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + "application/x-www-form-urlencoded\r\nContent-Length: 130000\r\n\r\n" + "a".repeat(100_000);
        socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private int writeOver(int i) throws Exception {
        URI uri = server.uri("/fhir/Organization/w" + i);
        return switch (i % 3) {
            case 0 -> put("w" + i, 1, 1);
            case 1 -> status(HttpRequest.newBuilder(uri).DELETE());
            default ->
                status(HttpRequest.newBuilder(URI.create(uri + "/$erase")).POST(BodyPublishers.noBody()));
        };
    }

    private List<Integer> fromAll(int times, Callable<Integer> request) throws Exception {
        List<Callable<List<Integer>>> tasks = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            tasks.add(() -> {
                List<Integer> statuses = new ArrayList<>();
                for (int sent = 0; sent < times; sent++) {
                    statuses.add(request.call());
                }
                return statuses;
            });
        }
        List<Integer> all = new ArrayList<>();
        for (Future<List<Integer>> statuses : clients.invokeAll(tasks)) {
            all.addAll(statuses.get());
        }
        return all;
    }

    private int put(String id, int large, int small) throws Exception {
        return put(id, "n", large, small);
    }

    private int put(String id, String name, int large, int small) throws Exception {
        String body = "{\"resourceType\":\"Organization\",\"id\":\"" + id + "\",\"name\":\"" + name
                + "\",\"extension\":[{\"url\":\"http://example.org/large\",\"valueString\":\"" + "x".repeat(large)
                + "\"}],\"contact\":[{\"name\":{\"given\":[\"a\"" + ",\"a\"".repeat(small - 1) + "]}}]}";
        return put(id, "json", body);
    }

    private int putXml(String id) throws Exception {
        String body = "<Organization xmlns=\"http://hl7.org/fhir\"><id value=\"" + id + "\"/><extension url=\""
                + "http://example.org/large\"><valueString value=\"" + "x".repeat(LARGE)
                + "\"/></extension><name value=\"n\"/></Organization>";
        return put(id, "xml", body);
    }

    private int put(String id, String format, String body) throws Exception {
        return status(HttpRequest.newBuilder(server.uri("/fhir/Organization/" + id + "?_format=" + format))
                .header("Content-Type", "application/fhir+" + format)
                .PUT(BodyPublishers.ofString(body)));
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
}
