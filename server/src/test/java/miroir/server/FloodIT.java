package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.store.Caller;
import miroir.index.store.ForwardingStore;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryQuery;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody sends searches that do not end, many at once; everybody else goes on. */
final class FloodIT {
    private static final String CONFIGURATION = """
            listen: {port: 0, trustedProxies: 127.0.0.1}
            access: {openBeyondLoopback: true}
            search: {deadline: 10m}
            limits: {searches: 8}
            """;

    private static final String DEVICE = "{\"resourceType\":\"Device\",\"id\":\"d\",\"status\":\"active\"}";

    private final SlowSearches store = new SlowSearches();
    private final List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start(CONFIGURATION, store, false);
        // Now it is known that they are not large, and memory is no reason to wait.
        assertThat(send("GET", "/fhir/Practitioner", "192.0.2.1").statusCode()).isEqualTo(200);
        store.slow = true;
    }

    @AfterEach
    void stop() {
        store.mayEnd.countDown();
        answers.forEach(answer -> answer.handle((done, failed) -> done).join());
        server.close();
    }

    /** One thread each, as many clients would be. */
    private void flood(String path, String client, int searches) {
        for (int i = 0; i < searches; i++) {
            answers.add(
                    CompletableFuture.supplyAsync(() -> send("GET", path, client), task -> new Thread(task).start()));
        }
    }

    private HttpResponse<String> send(String method, String path, String client) {
        try {
            return Http.send(method, server.uri(path), "X-Forwarded-For", client);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private double metric(String name, String of) throws Exception {
        Matcher line = Pattern.compile(name + "\\{of=\"" + of + "\".*?} (\\S+)")
                .matcher(Http.send("GET", server.uri("/metrics")).body());
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }

    private void awaitWaiting(int searches) {
        await().until(() -> metric("miroir_searches_waiting", "request") == searches);
    }

    @Test
    void others_whileHundredsOfSearchesWait_readAndWriteAndSearch() throws Exception {
        int waiting = Runtime.version().feature() >= 21 ? 300 : 60;
        flood("/fhir/Practitioner", "192.0.2.66", 6 + waiting);
        awaitWaiting(waiting);
        assertThat(store.begun.get()).isEqualTo(6);

        assertThat(Http.write("PUT", server.uri("/fhir/Device/d"), DEVICE).statusCode())
                .isEqualTo(201);
        for (int i = 0; i < 20; i++) {
            assertThat(send("GET", "/fhir/Device/d", "192.0.2.66").statusCode()).isEqualTo(200);
        }
        assertThat(Http.write(
                                "PUT",
                                server.uri("/fhir/Device?status=inactive"),
                                DEVICE.replace("\"id\":\"d\",", "").replace("active", "inactive"))
                        .statusCode())
                .as("a conditional write")
                .isEqualTo(201);
        assertThat(send("GET", "/fhir/Device?status=active", "192.0.2.1").statusCode())
                .as("a search of somebody else")
                .isEqualTo(200);
        assertThat(send("GET", "/fhir/Device/_history", "192.0.2.2").statusCode())
                .isEqualTo(200);
        assertThat(metric("miroir_searches_running", "request")).isEqualTo(6);

        store.mayEnd.countDown();
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        assertThat(metric("miroir_searches_running", "request")).isZero();
    }

    @Test
    void histories_waitLikeSearches() throws Exception {
        flood("/fhir/Practitioner/_history", "192.0.2.66", 6);
        await().until(() -> store.begun.get() == 6);
        flood("/fhir/Practitioner/_history", "192.0.2.66", 4);
        flood("/fhir/Practitioner/$meta", "192.0.2.66", 2);
        flood("/fhir?_type=Practitioner", "192.0.2.66", 2);
        awaitWaiting(8);

        assertThat(metric("miroir_searches_running", "request")).isEqualTo(6);
    }

    @Test
    void entriesOfBundles_haveTurnsOfTheirOwn() throws Exception {
        flood("/fhir/Practitioner", "192.0.2.66", 10);
        awaitWaiting(4);
        CompletableFuture<HttpResponse<String>> batch = batch("Practitioner");
        answers.add(batch);
        await().until(() -> metric("miroir_searches_running", "entry") == 1);

        HttpResponse<String> other = batch("Device").join();

        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).contains("\"searchset\"");
        assertThat(batch).isNotDone();
        store.mayEnd.countDown();
        assertThat(batch.join().body()).contains("\"searchset\"");
    }

    private CompletableFuture<HttpResponse<String>> batch(String type) {
        String entry = "{\"request\":{\"method\":\"GET\",\"url\":\"" + type + "\"}}";
        String bundle = "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" + entry + "," + entry + "]}";
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Http.write("POST", server.uri("/fhir"), bundle);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    @Test
    void search_thatHasNoTimeLeft_is503() throws Exception {
        try (TestServer impatient =
                TestServer.start("limits: {searches: 1}\nsearch: {deadline: 300ms}", new SlowSearches(store), false)) {
            CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(
                    () -> get(impatient, "/fhir/Practitioner"), task -> new Thread(task).start());
            answers.add(first);
            await().until(() -> store.begun.get() == 1);

            HttpResponse<String> refused = get(impatient, "/fhir/Device");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics()).contains("limits.searches");
            assertThat(Outcome.of(refused).getIssueFirstRep().getCode().toCode())
                    .isEqualTo("transient");
            assertThat(Http.send("GET", impatient.uri("/metrics")).body())
                    .containsPattern("miroir_searches_refused_total\\{of=\"request\",reason=\"time\"} 1\\.0");
            store.mayEnd.countDown();
            first.join();
        }
    }

    private static HttpResponse<String> get(TestServer server, String path) {
        try {
            return Http.send("GET", server.uri(path));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Searches and histories of practitioners end when the test lets them. */
    private static final class SlowSearches extends ForwardingStore {
        private final AtomicInteger begun;
        private final CountDownLatch mayEnd;
        private volatile boolean slow;

        SlowSearches() {
            super(TestServer.memory());
            this.begun = new AtomicInteger();
            this.mayEnd = new CountDownLatch(1);
        }

        SlowSearches(SlowSearches same) {
            super(TestServer.memory());
            this.begun = same.begun;
            this.mayEnd = same.mayEnd;
            this.slow = true;
        }

        private void waitIf(boolean asked) {
            if (asked && slow) {
                begun.incrementAndGet();
                try {
                    mayEnd.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public Page select(Caller caller, PageQuery query) {
            waitIf(query.type().equals("Practitioner"));
            return super.select(caller, query);
        }

        @Override
        public HistoryPage history(Caller caller, HistoryQuery query) {
            waitIf(query.of().equals(new HistoryQuery.Types(Set.of("Practitioner"))));
            return super.history(caller, query);
        }
    }
}
