package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Criteria;
import miroir.index.store.Deadline;
import miroir.index.store.Erased;
import miroir.index.store.Explanation;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryQuery;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Labels;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.index.store.VersionStamp;
import miroir.index.store.Written;
import org.bson.RawBsonDocument;
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
    private static final class SlowStore implements ResourceStore {
        private final ResourceStore store;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private volatile boolean ready = true;
        private volatile boolean broken;

        SlowStore(ResourceStore store) {
            this.store = store;
        }

        @Override
        public Optional<ResourceVersion> read(Caller caller, ResourceKey key) {
            if (broken) {
                throw new IllegalStateException("a secret of the inside");
            }
            return store.read(caller, key);
        }

        @Override
        public Optional<ResourceVersion> readVersion(Caller caller, ResourceKey key, long version) {
            return store.readVersion(caller, key, version);
        }

        @Override
        public HistoryPage history(Caller caller, HistoryQuery query) {
            return store.history(caller, query);
        }

        @Override
        public Instant settled(Caller caller, Duration patience, Deadline deadline) {
            return store.settled(caller, patience, deadline);
        }

        @Override
        public boolean isUnchangedSince(Caller caller, Set<String> types, Instant settled, Deadline deadline) {
            return store.isUnchangedSince(caller, types, settled, deadline);
        }

        @Override
        public Written create(Caller caller, ResourceKey key, RawBsonDocument fhir) {
            return store.create(caller, key, fhir);
        }

        @Override
        public Optional<Written> createUnlessFound(
                Caller caller,
                Criteria criteria,
                ResourceKey key,
                RawBsonDocument fhir,
                ResourceVersion.Origin origin) {
            return store.createUnlessFound(caller, criteria, key, fhir, origin);
        }

        @Override
        public void checkPut(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
            store.checkPut(caller, key, fhir, precondition);
        }

        @Override
        public boolean checkDelete(Caller caller, ResourceKey key, Precondition precondition) {
            return store.checkDelete(caller, key, precondition);
        }

        @Override
        public Optional<Erased> erase(Caller caller, ResourceKey key) {
            return store.erase(caller, key);
        }

        @Override
        public Written put(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
            return store.put(caller, key, fhir, precondition);
        }

        @Override
        public Optional<Written> delete(Caller caller, ResourceKey key, Precondition precondition) {
            return store.delete(caller, key, precondition);
        }

        @Override
        public Explanation explain(Caller caller, PageQuery query) {
            return store.explain(caller, query);
        }

        @Override
        public Page include(Caller caller, InclusionQuery query) {
            return store.include(caller, query);
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
            return store.select(caller, query);
        }

        @Override
        public List<VersionStamp> stamps(Caller caller, PageQuery query) {
            return store.stamps(caller, query);
        }

        @Override
        public Total count(Caller caller, TotalQuery query) {
            return store.count(caller, query);
        }

        @Override
        public Labels labels(Caller caller, String type, Deadline deadline) {
            return store.labels(caller, type, deadline);
        }

        @Override
        public Readiness readiness() {
            return ready ? store.readiness() : new Readiness(false, "3 of 12 indexes are built");
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
