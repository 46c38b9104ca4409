package miroir.sync.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
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
        return new Daemon.DaemonSettings(Duration.ofMillis(20), 2, Duration.ofMillis(200), Set.of(), PATIENCE);
    }

    private SyncParts parts(Register register, InstantSource clock) {
        List<Source> sources = List.of(Mirroring.source(upstream.base()));
        return new SyncParts(
                mirroring.store().mirrored(), register, sources, Mirroring.QUICK, RunSettings.standard(), clock);
    }

    private static HttpResponse<String> ask(MetricsPage page, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + page.port() + path);
        return CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static int health(MetricsPage page) throws IOException, InterruptedException {
        return ask(page, "/health/live").statusCode();
    }

    /** Whoever stood still since that instant would be found out by now. */
    private static boolean isLongAfter(Instant begin) {
        return Instant.now().isAfter(begin.plus(PATIENCE.multipliedBy(8)));
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
                NoticeStandstill notice = new NoticeStandstill(daemon, PATIENCE, () -> ended.set(true))) {
            daemon.start();
            await().until(() -> daemon.isLeading() && health(page) == 200);
            notice.start();
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
                Daemon second = other.daemon(impatient());
                MetricsPage page = MetricsPage.start(second, 0)) {
            first.start();
            await().until(first::isLeading);
            Instant begin = Instant.now();
            second.start();

            await().until(() -> isLongAfter(begin) && health(page) == 200);
            assertThat(second.isLeading()).isFalse();
            assertThat(ask(page, "/health/live").body()).isEqualTo("it goes on\n");
        }
    }

    @Test
    void health_withoutADatabase_is200() throws Exception {
        try (Ledger ledger = Ledger.open(nowhere())) {
            SyncParts parts = parts(new Register(ledger), InstantSource.system());
            Leader leader = new Leader(ledger, Duration.ofMillis(200));
            Instant begin = Instant.now();
            try (Daemon daemon = new Daemon(parts, leader, List.of(ALL), impatient());
                    MetricsPage page = MetricsPage.start(daemon, 0)) {
                daemon.start();

                await().until(() -> isLongAfter(begin) && health(page) == 200);
                assertThat(ask(page, "/metrics").body())
                        .contains("miroir_sync_database_up 0.0", "miroir_sync_goes_on 1.0");
            }
        }
    }

    /** Where nobody is, as is found out soon. */
    private static MongoStoreSettings nowhere() {
        Duration soon = Duration.ofMillis(50);
        return new MongoStoreSettings(
                "mongodb://127.0.0.1:1", "nowhere", Set.of(), false, ZoneOffset.UTC, soon, soon, soon, false, null);
    }
}
