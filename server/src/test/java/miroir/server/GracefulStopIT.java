package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.ForwardingStore;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import org.junit.jupiter.api.Test;

final class GracefulStopIT {

    @Test
    void stop_waitsForTheRequestThatIsBeingWorkedOn() throws Exception {
        SlowStore store = new SlowStore(TestServer.memory());
        TestServer server = TestServer.start("limits: {stop: 1m}", store, false);
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return Http.send("GET", server.uri("/fhir/Practitioner"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        store.reached.await();
        int port = server.port();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
        await().until(() -> takesNoConnection(port));
        assertThat(stopped).isNotDone();
        assertThat(answer).isNotDone();
        store.mayGoOn.countDown();

        assertThat(answer.get().statusCode()).isEqualTo(200);
        stopped.get();
    }

    @Test
    void readiness_onceTheStopIsAnnounced_isDeniedWhileRequestsAreAnswered() throws Exception {
        try (TestServer server = TestServer.start()) {
            assertThat(Http.send("GET", server.uri("/health/ready")).statusCode())
                    .isEqualTo(200);
            server.announceStop();

            HttpResponse<String> ready = Http.send("GET", server.uri("/health/ready"));
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"stopping\"");
            assertThat(Http.send("GET", server.uri("/health/live")).statusCode())
                    .isEqualTo(200);
            assertThat(Http.send("GET", server.uri("/fhir/Practitioner")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void search_whileIndexesAreBuilt_isRefusedUntilReady() throws Exception {
        SlowStore store = new SlowStore(TestServer.memory());
        store.ready = false;
        store.mayGoOn.countDown();
        try (TestServer server = TestServer.start("", store, false)) {
            HttpResponse<String> search = Http.send("GET", server.uri("/fhir/Practitioner"));
            assertThat(search.statusCode()).isEqualTo(503);
            assertThat(search.headers().firstValue("Retry-After")).isPresent();
            assertThat(Outcome.of(search).getIssueFirstRep().getDiagnostics()).contains("3 of 12");
            HttpResponse<String> health = Http.send("GET", server.uri("/health/ready"));
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("3 of 12");
            assertThat(Http.send("GET", server.uri("/fhir/Practitioner/x")).statusCode())
                    .isEqualTo(404);

            store.ready = true;
            assertThat(Http.send("GET", server.uri("/fhir/Practitioner")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void failure_thatNobodyForesaw_is500WithoutItsMessage() throws Exception {
        SlowStore store = new SlowStore(TestServer.memory());
        store.broken = true;
        try (TestServer server = TestServer.start("", store, false)) {
            HttpResponse<String> failed =
                    Http.send("GET", server.uri("/fhir/Practitioner/x"), "X-Request-Id", "find-me");
            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(Outcome.of(failed).getIssueFirstRep().getDiagnostics())
                    .contains("find-me")
                    .doesNotContain("secret");
        }
    }

    /** The first thing that the stop of Jetty does is to take no more connections. */
    private static boolean takesNoConnection(int port) throws IOException {
        try {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    /** A store whose searches wait, which is not ready, or which breaks, as the test says. */
    private static final class SlowStore extends ForwardingStore {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private volatile boolean ready = true;
        private volatile boolean broken;

        SlowStore(ResourceStore store) {
            super(store);
        }

        @Override
        public Optional<ResourceVersion> read(Caller caller, ResourceKey key) {
            if (broken) {
                throw new IllegalStateException("a secret of the inside");
            }
            return super.read(caller, key);
        }

        @Override
        public Page select(Caller caller, PageQuery query) {
            if (!ready) {
                throw new Refusal(Refusal.Reason.NOT_READY, "3 of 12 indexes are built");
            }
            reached.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.select(caller, query);
        }

        @Override
        public Readiness readiness() {
            return ready ? super.readiness() : new Readiness(false, "3 of 12 indexes are built");
        }
    }
}
