package miroir.server.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import miroir.index.store.Caller;
import miroir.index.store.Copied;
import miroir.index.store.ForwardingStore;
import miroir.index.store.HeldPage;
import miroir.index.store.HeldQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.server.routing.Interaction;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows are of one instant, whatever is written while they are read, and those of a run that fails have no end. */
@ExtendWith(MongoExtension.class)
final class RunAsAtIT {
    private static final int RESOURCES = 1_100;

    /** Does something once after the first page of a search has been read. */
    private static final class Meanwhile extends ForwardingStore {
        private final AtomicReference<Runnable> work = new AtomicReference<>();
        private final AtomicInteger pages = new AtomicInteger();
        private volatile boolean isIncomplete;

        /** Whether page after page has nothing. */
        private volatile boolean isEndless;

        Meanwhile(ResourceStore store) {
            super(store);
        }

        @Override
        public Set<String> incompleteTypes() {
            return isIncomplete ? Set.of("Practitioner") : super.incompleteTypes();
        }

        @Override
        public Map<String, Copied> copies() {
            return isIncomplete ? Map.of("Practitioner", new Copied(null)) : super.copies();
        }

        @Override
        public HeldPage held(Caller caller, HeldQuery query) {
            HeldPage page = isEndless ? new HeldPage(List.of(), query.after() + 1) : super.held(caller, query);
            Runnable once = work.getAndSet(null);
            if (once != null) {
                once.run();
            }
            pages.incrementAndGet();
            return page;
        }
    }

    private static ResourceKey key(int number) {
        return new ResourceKey("Practitioner", "p" + number);
    }

    private static void put(ResourceStore store, int number, String name) {
        store.put(
                Caller.everyone(),
                key(number),
                RawBsonDocument.parse("{resourceType: 'Practitioner', id: 'p" + number + "', name: [" + name + "]}"),
                Precondition.none());
    }

    @Test
    void run_whileOthersWrite_isOfTheInstantWhenItBegan(TestDatabase database) throws Exception {
        Meanwhile store = new Meanwhile(TestServer.ready(database));
        try (TestServer server = TestServer.start("", store, false)) {
            IntStream.range(0, RESOURCES).forEach(i -> put(store, i, "{family: 'before'}"));
            store.work.set(() -> {
                put(store, 1_050, "{family: 'after'}");
                store.delete(Caller.everyone(), key(1_060), Precondition.none());
                put(store, RESOURCES, "{family: 'after'}");
            });
            String rows = Http.send(
                            "GET", server.uri("/fhir/ViewDefinition/practitioner/$run?_format=csv&header=false"))
                    .body();
            assertThat(rows).hasLineCount(RESOURCES).contains("p1060,").doesNotContain("after");
            assertThat(Http.send("GET", server.uri("/fhir/ViewDefinition/practitioner/$run"))
                            .body())
                    .hasLineCount(RESOURCES)
                    .doesNotContain("\"p1060\"")
                    .contains("after");
        }
    }

    @Test
    void run_limited_readsNoMoreThanItNeeds(TestDatabase database) throws Exception {
        Meanwhile store = new Meanwhile(TestServer.ready(database));
        try (TestServer server = TestServer.start("", store, false)) {
            IntStream.range(0, RESOURCES).forEach(i -> put(store, i, "{family: 'x'}"));
            store.pages.set(0);
            assertThat(Http.send("GET", server.uri("/fhir/ViewDefinition/practitioner/$run?_limit=500"))
                            .body())
                    .hasLineCount(500);
            assertThat(store.pages).hasValue(1);
        }
    }

    @Test
    void run_thatFailsOnTheWay_isCutOff(TestDatabase database) throws Exception {
        Meanwhile store = new Meanwhile(TestServer.ready(database));
        try (TestServer server = TestServer.start("", store, false)) {
            String one = "{family: '" + "x".repeat(400) + "'}";
            IntStream.range(0, RESOURCES).forEach(i -> put(store, i, i == 1_000 ? one + ", " + one : one));
            String view = "{\"resourceType\":\"ViewDefinition\",\"resource\":\"Practitioner\",\"select\":["
                    + "{\"column\":[{\"name\":\"family\",\"path\":\"name.family\"}]}]}";
            assertThatThrownBy(() -> Http.write("POST", server.uri("/fhir/ViewDefinition/$run"), view))
                    .isInstanceOf(IOException.class);
            assertThat(Http.write("POST", server.uri("/fhir/ViewDefinition/$run?_limit=900"), view)
                            .body())
                    .hasLineCount(900);
        }
    }

    /** Of a type that is not whole rows cannot say so. */
    @Test
    void run_ofWhatIsNotWhole_isRefusedOrSaysSo(TestDatabase database) throws Exception {
        Meanwhile store = new Meanwhile(TestServer.ready(database));
        try (TestServer server = TestServer.start("", store, false)) {
            put(store, 1, "{family: 'x'}");
            store.isIncomplete = true;
            HttpResponse<String> found =
                    Http.send("GET", server.uri("/fhir/ViewDefinition/practitioner/$run?family=x"));
            assertThat(found.statusCode()).isEqualTo(503);
            assertThat(found.body()).contains("some of Practitioner cannot be found by their search parameters");
            HttpResponse<String> all = Http.send("GET", server.uri("/fhir/ViewDefinition/practitioner/$run"));
            assertThat(all.body()).contains("\"Practitioner/p1\"");
            assertThat(all.headers().firstValue("Warning").orElse(""))
                    .contains("Practitioner was never copied whole from its source");
        }
    }

    /** What a token allows is asked again where that was a second ago. */
    @Test
    void run_whoLosesTheRight_isCutOff(TestDatabase database) throws Exception {
        assertCutOff(database, "loses", "READ, SEARCH on Organization");
    }

    @Test
    void run_whoIsNarrowed_isCutOff(TestDatabase database) throws Exception {
        assertCutOff(database, "narrowed", "READ, SEARCH on Practitioner?active=true");
    }

    private static void assertCutOff(TestDatabase database, String role, String permission) throws Exception {
        Meanwhile store = new Meanwhile(TestServer.ready(database));
        try (TestServer server = TestServer.withAccess("access: {mode: token}", database, store)) {
            AdminClient admin = AdminClient.local(server);
            String token = admin.consumer(role, "READ, SEARCH on Practitioner");
            String name = "{family: '" + "x".repeat(400) + "'}";
            IntStream.range(0, RESOURCES).forEach(i -> put(store, i, name));
            URI rows = server.uri("/fhir/ViewDefinition/practitioner/$run");
            assertThat(Http.send("GET", rows, "Authorization", "Bearer " + token)
                            .body())
                    .contains("\"Practitioner/p1099\"");
            store.work.set(() -> replace(admin, server, role, token, permission));
            assertThatThrownBy(() -> Http.send("GET", rows, "Authorization", "Bearer " + token))
                    .isInstanceOf(IOException.class);
        }
    }

    private static void replace(AdminClient admin, TestServer server, String role, String token, String permission) {
        try {
            String tag = admin.get("roles/" + role).headers().firstValue("ETag").orElseThrow();
            admin.done("PUT", "roles/" + role, "{\"permissions\":[\"" + permission + "\"]}", "If-Match", tag);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        await().pollDelay(Duration.ofMillis(1_100))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    HttpResponse<String> none = Http.send(
                            "GET", server.uri("/fhir/Practitioner?_count=1"), "Authorization", "Bearer " + token);
                    return none.statusCode() == 403 || !none.body().contains("\"p0\"");
                });
    }

    @Test
    void run_longerThanItMay_isStopped(TestDatabase database) throws Exception {
        Meanwhile store = new Meanwhile(TestServer.ready(database));
        try (TestServer server = TestServer.start("views: {deadline: 1ms}", store, false)) {
            put(store, 1, "{family: 'x'}");
            store.work.set(RunAsAtIT::passTwoMilliseconds);
            assertThat(Http.send("GET", server.uri("/fhir/ViewDefinition/practitioner/$run"))
                            .body())
                    .contains("views.deadline");
        }
    }

    /** In CSV nothing can be sent where there are no rows. */
    @Tag("own-container")
    @Test
    void run_whoseClientHasGone_isStopped_whereThereIsNothingToSend(TestDatabase database) throws Exception {
        Meanwhile store = new Meanwhile(TestServer.ready(database));
        try (TestServer server = TestServer.start("", store, false)) {
            store.isEndless = true;
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                String request = "GET /fhir/ViewDefinition/practitioner/$run?_format=csv&header=false HTTP/1.1\r\n";
                socket.getOutputStream()
                        .write((request + "Host: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                await().atMost(Duration.ofSeconds(20)).until(() -> store.pages.get() > 3);
                assertThat(isOver(server)).isFalse();
            }

            await().atMost(Duration.ofSeconds(60)).until(() -> isOver(server));
        }
    }

    /** Requests are counted when they are over. */
    private static boolean isOver(TestServer server) throws Exception {
        return Http.send("GET", server.uri("/metrics"))
                .body()
                .contains("miroir_requests_total{interaction=\"" + Interaction.RUN_VIEW.code() + "\"");
    }

    private static void passTwoMilliseconds() {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < 2_000_000) {
            Thread.onSpinWait();
        }
    }
}
