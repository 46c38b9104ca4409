package miroir.sync.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import miroir.storage.MongoStoreSettings;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Register;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.run.RunSettings;
import miroir.sync.testing.Mirroring;
import miroir.sync.testing.ScriptedUpstream;
import miroir.sync.upstream.Source;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What probes are told of a daemon that stands still, and of those that merely wait. */
@ExtendWith(MongoExtension.class)
class SignsOfLifeIT {
    private static final Definition ALL = Definition.of("up", "Organization");
    private static final Duration PATIENCE = Duration.ofMillis(300);
    private static final Duration SOME_SECONDS = Duration.ofSeconds(10);
    private static final int BEATS = 3;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final TestDatabase database;
    private final Mirroring mirroring;

    SignsOfLifeIT(TestDatabase database) {
        this.database = database;
        Mirroring.empty(database);
        mirroring = Mirroring.of(database, Mirroring.source(upstream.base()), RunSettings.standard(), ALL);
    }

    @AfterEach
    void close() {
        mirroring.close();
        upstream.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    private static Daemon.DaemonSettings impatient() {
        return patient(PATIENCE);
    }

    private static Daemon.DaemonSettings patient(Duration patience) {
        return new Daemon.DaemonSettings(Duration.ofMillis(20), 2, Duration.ofMillis(200)).patient(patience);
    }

    private SyncParts parts(Register register, InstantSource clock) {
        List<Source> sources = List.of(Mirroring.source(upstream.base()));
        return new SyncParts(
                mirroring.store().mirrored(), register, sources, Mirroring.QUICK, RunSettings.standard(), clock);
    }

    private static HttpResponse<String> ask(MetricsPage page, String path) throws IOException, InterruptedException {
        return ask(page, "GET", path);
    }

    private static HttpResponse<String> ask(MetricsPage page, String method, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + page.port() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static int health(MetricsPage page) throws IOException, InterruptedException {
        return ask(page, "/health/live").statusCode();
    }

    /** Each thread comes round as often as that, and whoever asks meanwhile is never told otherwise. What is told after which time is tried without one: {@link HeartbeatTest}. */
    private static void assertGoesOn(Daemon daemon, MetricsPage page) throws IOException, InterruptedException {
        List<Heartbeat> all = daemon.heartbeats().toList();
        List<Long> before = all.stream().map(Heartbeat::beats).toList();
        AtomicInteger asked = new AtomicInteger();
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            assertThat(ask(page, "/health/live").body()).isEqualTo("it goes on\n");
            return asked.incrementAndGet() >= 20 && beatOften(all, before);
        });
        assertThat(ask(page, "/metrics").body()).contains("miroir_sync_goes_on 1.0");
    }

    private static boolean beatOften(List<Heartbeat> all, List<Long> before) {
        return IntStream.range(0, all.size()).allMatch(each -> all.get(each).beats() >= before.get(each) + BEATS);
    }

    private static void standStill(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void health_whatLooksStandsStill_is503AndSaysSoUntilItGoesOn() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        AtomicBoolean hangs = new AtomicBoolean();
        SyncParts parts = parts(mirroring.register(), () -> {
            if (hangs.get() && Thread.currentThread().getName().equals(Daemon.THREAD)) {
                standStill(released);
            }
            return Instant.now();
        });
        AtomicBoolean ended = new AtomicBoolean();
        try (Daemon daemon = new Daemon(parts, mirroring.leader(), List.of(ALL), impatient());
                MetricsPage page = MetricsPage.start(daemon, 0);
                NoticeStandstill notice =
                        new NoticeStandstill(PATIENCE, Duration.ofMinutes(1), () -> ended.set(true))) {
            daemon.start();
            await().until(() -> daemon.isLeading() && health(page) == 200);
            notice.start(daemon::standsStill);
            hangs.set(true);
            await().until(() -> health(page) == 503 && ended.get());

            assertThat(ask(page, "/health/live").body()).startsWith("what looks for what is due stands still for ");
            assertThat(ask(page, "/metrics").body()).contains("miroir_sync_goes_on 0.0");
            assertThat(daemon.isLeading()).as("what keeps the lease goes on").isTrue();
            hangs.set(false);
            released.countDown();
            await().until(() -> health(page) == 200);
        }
    }

    @Test
    void health_whatKeepsTheLeaseStandsStill_is503WhoeverAsksForMetrics() throws Exception {
        try (Ledger ledger = Ledger.open(MongoStoreSettings.of(database.uri(), database.name(), Set.of()))) {
            SyncParts parts = parts(new Register(ledger), InstantSource.system());
            Leader leader = new Leader(ledger, Duration.ofSeconds(4));
            try (Daemon daemon = new Daemon(parts, leader, List.of(ALL), impatient());
                    MetricsPage page = MetricsPage.start(daemon, 0)) {
                daemon.start();
                await().until(() -> daemon.isLeading() && health(page) == 200);
                List<? extends Future<?>> asked;
                synchronized (ledger) { // nobody has its connection meanwhile
                    asked = List.of(send(page), send(page), send(page), send(page), send(page), send(page));
                    await().until(() -> ask(page, "/health/live").body().contains("what takes and keeps the lease"));
                    assertThat(health(page)).isEqualTo(503);
                    await().until(() -> asked(asked) == 3);
                }
                await().until(() -> asked(asked) == 6 && health(page) == 200);
            }
        }
    }

    private static Future<HttpResponse<String>> send(MetricsPage page) {
        URI uri = URI.create("http://127.0.0.1:" + page.port() + "/metrics");
        return CLIENT.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static long asked(List<? extends Future<?>> all) {
        return all.stream().filter(Future::isDone).count();
    }

    @Test
    void health_ofOneThatWaitsToLead_is200() throws Exception {
        try (Daemon first = mirroring.daemon();
                Mirroring other =
                        Mirroring.of(database, Mirroring.source(upstream.base()), RunSettings.standard(), ALL);
                Daemon second = other.daemon(patient(SOME_SECONDS));
                MetricsPage page = MetricsPage.start(second, 0)) {
            first.start();
            await().until(first::isLeading);
            second.start();

            assertGoesOn(second, page);
            assertThat(second.isLeading()).isFalse();
        }
    }

    @Test
    void health_whereNoDatabaseIs_is200() throws Exception {
        assertIsWellWithout(1);
    }

    @Test
    void health_whereTheDatabaseSaysNothing_is200() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertIsWellWithout(silent.getLocalPort());
        }
    }

    private void assertIsWellWithout(int port) throws Exception {
        try (Ledger ledger = Ledger.open(nowhere(port))) {
            SyncParts parts = parts(new Register(ledger), InstantSource.system());
            Leader leader = new Leader(ledger, Duration.ofMillis(200));
            try (Daemon daemon = new Daemon(parts, leader, List.of(ALL), patient(SOME_SECONDS));
                    MetricsPage page = MetricsPage.start(daemon, 0)) {
                daemon.start();

                assertGoesOn(daemon, page);
                assertThat(ask(page, "/metrics").body()).contains("miroir_sync_database_up 0.0");
            }
        }
    }

    @Test
    void health_othersConnectAndAskForNothing_isToldAllTheSame() throws Exception {
        try (Daemon daemon = mirroring.daemon(patient(Duration.ofMinutes(5)));
                MetricsPage page = MetricsPage.start(daemon, 0)) {
            List<Socket> halfOpen = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.port());
                socket.getOutputStream().write("GET /heal".getBytes(StandardCharsets.US_ASCII));
                halfOpen.add(socket);
            }
            assertThat(health(page)).isEqualTo(200);
            for (Socket each : halfOpen) {
                each.close();
            }
        }
    }

    @Test
    void pages_otherPathsAndMethods_areRefused() throws Exception {
        try (Daemon daemon = mirroring.daemon(patient(Duration.ofMinutes(5)));
                MetricsPage page = MetricsPage.start(daemon, 0)) {
            assertThat(ask(page, "/health/live/x").statusCode()).isEqualTo(404);
            assertThat(ask(page, "/metricsfoo").statusCode()).isEqualTo(404);
            HttpResponse<String> head = ask(page, "HEAD", "/health/live");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue("it goes on\n".length());
            HttpResponse<String> refused = ask(page, "POST", "/health/live");
            assertThat(refused.statusCode()).isEqualTo(405);
            assertThat(refused.headers().firstValue("Allow")).hasValue("GET, HEAD");
        }
    }

    /** Where nobody answers, as is found out soon. */
    private static MongoStoreSettings nowhere(int port) {
        Duration soon = Duration.ofMillis(50);
        return new MongoStoreSettings(
                "mongodb://127.0.0.1:" + port,
                "nowhere",
                Set.of(),
                false,
                ZoneOffset.UTC,
                soon,
                soon,
                soon,
                false,
                null);
    }
}
