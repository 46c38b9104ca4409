package miroir.sync.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.Mirrored;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.LeaseLost;
import miroir.storage.sync.Command;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunSettings;
import miroir.sync.testing.Mirroring;
import miroir.sync.testing.ScriptedUpstream;
import miroir.sync.testing.ScriptedUpstream.Response;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
class DaemonIT {
    private static final Definition ALL = Definition.of("up", "Organization");
    private static final RunSettings SMALL =
            new RunSettings(1, 10, Duration.ofDays(30), Duration.ofDays(3), RunSettings.INDEXES_FIRST);

    private static final Pattern LINE =
            Pattern.compile("# (HELP|TYPE) .+|[a-z_]+(\\{([a-z]+=\"[^\"]*\",?)+})? -?[0-9.E]+");
    private static final Pattern NAME = Pattern.compile("# TYPE (\\w+)");
    private static final Pattern DOCUMENTED = Pattern.compile("`(miroir_sync_\\w+)");

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final TestDatabase database;
    private final Mirroring mirroring;

    DaemonIT(TestDatabase database) {
        this.database = database;
        Mirroring.empty(database);
        mirroring = Mirroring.of(database, Mirroring.source(upstream.base()), SMALL, ALL);
        for (int i = 0; i < 55; i++) {
            upstream.put("o" + i, "\"name\":\"n" + i + "\"", upstream.now().minusSeconds(86_400L + i * 60L));
        }
    }

    @AfterEach
    void close() {
        mirroring.close();
        upstream.close();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    private Synchronisation state() {
        return mirroring.register().find(ALL.name()).orElseThrow();
    }

    private boolean isComplete() {
        return mirroring.register().find(ALL.name()).map(Synchronisation::mark).isPresent();
    }

    private boolean holdsAny(ScriptedUpstream.Call call) {
        return upstream.answer(call).body().contains("\"resource\"");
    }

    private void want(Command.Verb verb) {
        mirroring.register().post(Command.of(ALL.name(), verb, Instant.now()));
    }

    @Test
    void start_neverRun_copiesAndShowsIt() throws Exception {
        try (Daemon daemon = mirroring.daemon();
                MetricsPage page = MetricsPage.start(daemon, 0)) {
            daemon.start();
            await().until(() -> isComplete() && daemon.progress().isEmpty());

            assertThat(mirroring.versions(ALL)).hasSize(55);
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page.port() + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(answer.body())
                    .contains(
                            "miroir_sync_leading 1.0\n",
                            "state=\"ok\"} 1.0",
                            "miroir_sync_late{synchronisation=\"up/Organization\"} 0.0",
                            "miroir_sync_calls_total{source=\"up\"}")
                    .as("of a run that is over")
                    .contains("miroir_sync_counts_total{synchronisation=\"up/Organization\",what=\"created\"} 55.0")
                    .doesNotContain("secret");
            assertThat(answer.body().lines())
                    .allMatch(line -> LINE.matcher(line).matches());
        }
    }

    @Test
    void metrics_whileARunGoesOn_areThoseOfTheirPage() throws Exception {
        String page = Files.readString(Path.of(System.getProperty("miroir.root"), "docs/sync.md"));
        AtomicBoolean held = new AtomicBoolean();
        upstream.always(call -> held.get() && call.isPage() ? Response.of(503, "") : null);
        try (Daemon daemon = mirroring.daemon();
                MetricsPage metrics = MetricsPage.start(daemon, 0)) {
            daemon.start();
            await().until(this::isComplete);
            held.set(true);
            want(Command.Verb.FULL);
            await().until(() -> !daemon.progress().isEmpty());

            await().untilAsserted(() -> assertThat(found(NAME, metrics.text())).isEqualTo(found(DOCUMENTED, page)));
        }
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    @Test
    void start_afterOthers_removesWhatTheyLeft() {
        long longAgo = Instant.now().minus(Duration.ofDays(2)).toEpochMilli();
        List<String> left = List.of("run-of-nobody", "check-" + longAgo + "-x");
        String running = "check-" + Instant.now().toEpochMilli() + "-x";
        Instant later = Instant.now().plus(Duration.ofHours(1));
        left.forEach(each -> mirroring.store().mirrored().markSeen(each, List.of("o1"), later));
        mirroring.store().mirrored().markSeen(running, List.of("o1"), later);
        AtomicBoolean held = new AtomicBoolean(true);
        AtomicInteger pages = new AtomicInteger();
        upstream.always(
                call -> holdsAny(call) && pages.incrementAndGet() > 1 && held.get() ? Response.of(503, "") : null);
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            await().until(() -> pages.get() > 3);
        }
        String open = state().run();
        assertThat(open).isNotNull();
        assertThat(mirroring.store().mirrored().seenBy()).containsExactlyInAnyOrder(open, running);

        held.set(false);
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            await().until(this::isComplete);
        }
        assertThat(mirroring.store().mirrored().seenBy()).containsExactly(running);
        mirroring.store().mirrored().forgetSeen(running);
    }

    @Test
    void start_synchronisationsOfOthers_areForgottenOnlyIfTheFileHadThem() {
        write("up/Organization/old", "file");
        write("up/Organization/mine", "somebody");
        write("gone/Organization/mine", "somebody");
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            await().until(() -> isComplete()
                    && mirroring
                                    .register()
                                    .find("gone/Organization/mine")
                                    .orElseThrow()
                                    .state()
                            == Synchronisation.State.KO);
        }
        assertThat(mirroring.register().all())
                .extracting(Synchronisation::name)
                .containsExactlyInAnyOrder(ALL.name(), "up/Organization/mine", "gone/Organization/mine");
        assertThat(mirroring
                        .register()
                        .find("gone/Organization/mine")
                        .orElseThrow()
                        .cause())
                .contains("no source gone");
    }

    private void write(String name, String origin) {
        String source = name.substring(0, name.indexOf('/'));
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name())
                    .getCollection("miroir_synchronisations")
                    .insertOne(new Document("_id", name)
                            .append("origin", origin)
                            .append("state", "OK")
                            .append(
                                    "definition",
                                    new Document("source", source)
                                            .append("type", "Organization")
                                            .append("filter", "name=nobody")));
        }
    }

    @Test
    void stopAndStart_duringARun_keepItsCheckpoint() {
        AtomicBoolean held = new AtomicBoolean(true);
        upstream.always(call -> {
            boolean third = holdsAny(call) && call.number() > 20 && held.get();
            return third ? Response.of(503, "") : null;
        });
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            await().until(() -> upstream.calls().size() > 22);
            want(Command.Verb.STOP);
            await().until(() -> daemon.progress().isEmpty() && state().state() == Synchronisation.State.STOP);
            Run stopped = mirroring.register().run(state().run()).orElseThrow();
            held.set(false);
            want(Command.Verb.START);
            await().until(this::isComplete);

            assertThat(stopped.end()).isEqualTo(Run.End.STOPPED);
            assertThat(mirroring.register().run(stopped.id())).map(Run::end).hasValue(Run.End.DONE);
        }
        assertThat(mirroring.versions(ALL)).hasSize(55);
    }

    @Test
    void full_asked_readsEverything() {
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            await().until(this::isComplete);
            want(Command.Verb.FULL);

            await().until(() -> mirroring.register().runs(ALL.name(), 5).size() == 2
                    && mirroring.register().runs(ALL.name(), 1).get(0).end() == Run.End.DONE);
            assertThat(mirroring.register().runs(ALL.name(), 1).get(0).reason()).contains("asked for");
        }
    }

    @Test
    void close_leader_letsTheSecondDaemonGoOnWithTheRun() {
        AtomicBoolean held = new AtomicBoolean(true);
        upstream.always(call -> holdsAny(call) && call.number() > 20 && held.get() ? Response.of(503, "") : null);
        try (Mirroring other = Mirroring.of(database, Mirroring.source(upstream.base()), SMALL, ALL);
                Daemon second = other.daemon()) {
            try (Daemon first = mirroring.daemon()) {
                first.start();
                await().until(first::isLeading);
                second.start();
                await().until(() -> upstream.calls().size() > 22);
                assertThat(second.isLeading()).isFalse();
            }
            held.set(false);
            await().until(this::isComplete);

            assertThat(second.isLeading()).isTrue();
            assertThat(mirroring.register().runs(ALL.name(), 10)).hasSize(1);
        }
        assertThat(mirroring.versions(ALL))
                .hasSize(55)
                .allSatisfy((id, version) -> assertThat(version).isEqualTo(1));
    }

    @Test
    void lease_ofALeaderThatStoodStill_writesNothingAnyMore() {
        assertThat(mirroring.leader().tryOnce()).isTrue();
        mirroring.register().publish(mirroring.leader().lease(), List.of(), List.of(ALL));
        Lease stale = mirroring.leader().lease();
        try (Mirroring other = Mirroring.of(database, Mirroring.source(upstream.base()), SMALL, ALL)) {
            // As time would: the lease runs out, and another process takes it.
            mirroring.leader().close();
            assertThat(other.leader().tryOnce()).isTrue();

            assertThatThrownBy(() ->
                            mirroring.parts().run(ALL, () -> stale, () -> false).run(true))
                    .isInstanceOfSatisfying(
                            RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.LEASE_LOST));
            assertThatThrownBy(
                            () -> mirroring.register().drop(stale, Command.of("x", Command.Verb.STOP, Instant.now())))
                    .isInstanceOf(LeaseLost.class);
            Mirrored resource = new Mirrored(
                    new ResourceKey("Organization", "x"),
                    RawBsonDocument.parse("{resourceType: 'Organization', id: 'x'}"),
                    Instant.now());
            Instant over = stale.until().minus(Duration.ofHours(1));
            assertThatThrownBy(() ->
                            mirroring.store().mirrored().ingest(ALL.name(), "Organization", List.of(resource), over))
                    .isInstanceOf(Refusal.class);
        }
        assertThat(mirroring.versions(ALL)).isEmpty();
        assertThat(mirroring.register().runs(ALL.name(), 10)).isEmpty();
    }

    @Test
    void failure_ofTheUpstream_isKoAndTriedAgain() {
        upstream.always(call -> Response.of(403, "no"));
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            await().until(() -> mirroring
                    .register()
                    .find(ALL.name())
                    .map(Synchronisation::state)
                    .equals(Optional.of(Synchronisation.State.KO)));
            assertThat(state().cause()).contains("refuses the key");
            upstream.always(null);
            await().until(this::isComplete);

            assertThat(state().state()).isEqualTo(Synchronisation.State.OK);
        }
    }

    @Test
    void failure_withAnOpenRun_isNotTriedAgainBeforeItsTime() {
        assertThatThrownBy(
                        () -> mirroring.run(ALL, false, () -> upstream.calls().size() > 20))
                .isInstanceOf(RunEnded.class);
        mirroring.leader().close();
        upstream.calls().clear();
        upstream.always(call -> Response.of(403, "no"));
        try (Daemon daemon =
                mirroring.daemon(new Daemon.DaemonSettings(Duration.ofMillis(5), 2, Duration.ofHours(1)))) {
            daemon.start();
            await().until(() -> daemon.progress().isEmpty() && state().failed() != null);
            for (int i = 0; i < 10; i++) {
                awaitALook();
            }

            assertThat(upstream.calls()).hasSize(1);
        }
    }

    @Test
    void close_aRunHangs_givesTheLeaseBackAllTheSame() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch called = new CountDownLatch(1);
        upstream.always(call -> {
            called.countDown();
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> released.getCount() == 0);
            return Response.of(503, "late");
        });
        Daemon daemon = mirroring.daemon(new Daemon.DaemonSettings(Duration.ofMillis(20), 2, Duration.ofMillis(200))
                .ending(Duration.ofMillis(50)));
        try (daemon) {
            daemon.start();
            await().until(() -> called.getCount() == 0);
            assertThat(mirroring.leader().tryOnce()).isFalse();
        }
        assertThat(mirroring.leader().tryOnce()).isTrue();
        boolean hangs = Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("run-" + ALL.name()));
        released.countDown();
        assertThat(hangs).as("the run was not waited for").isTrue();
    }

    /** A command about nothing is dropped by whoever looks. */
    private void awaitALook() {
        mirroring.register().post(Command.of("nothing", Command.Verb.START, Instant.now()));
        await().until(() -> mirroring.register().commands().isEmpty());
    }

    @Test
    void documents_thatCannotBeRead_stopNobody() {
        try (MongoClient client = MongoClients.create(database.uri())) {
            MongoDatabase inside = client.getDatabase(database.name());
            inside.getCollection("miroir_commands")
                    .insertMany(List.of(
                            Document.parse("{synchronisation: 'up/Organization', verb: 'start'}"),
                            Document.parse("{_id: 'x', synchronisation: 'up/Organization', verb: 'explode'}")));
            inside.getCollection("miroir_synchronisations")
                    .insertOne(Document.parse("{_id: 'a/b', definition: {schedule: 'sometimes'}}"));
        }
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            await().until(this::isComplete);
        }
        assertThat(mirroring.versions(ALL)).hasSize(55);
    }

    @Test
    void guard_confirmedWhileItRuns_removes() {
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            await().until(this::isComplete);
            for (int i = 0; i < 20; i++) {
                upstream.vanish("o" + i);
            }
            want(Command.Verb.FULL);
            await().until(() -> state().held() != null);
            assertThat(mirroring.versions(ALL)).hasSize(55);
            want(Command.Verb.CONFIRM);

            await().until(() -> state().held() == null && state().state() == Synchronisation.State.OK);
        }
        assertThat(mirroring.versions(ALL)).hasSize(35);
    }

    @Test
    void run_thatCannotBeRead_stopsNoOtherSynchronisation() {
        try (MongoClient client = MongoClients.create(database.uri())) {
            MongoDatabase inside = client.getDatabase(database.name());
            inside.getCollection("miroir_runs")
                    .insertOne(Document.parse("{_id: 'r', synchronisation: 'up/Device', phase: 'exploding'}"));
            inside.getCollection("miroir_synchronisations")
                    .insertOne(new Document("_id", "up/Device")
                            .append("run", "r")
                            .append("lastStart", Instant.now())
                            .append("origin", "somebody")
                            .append("definition", new Document("source", "up").append("type", "Organization")));
        }
        try (Daemon daemon = mirroring.daemon()) {
            daemon.start();
            await().until(this::isComplete);
        }
        assertThat(mirroring.versions(ALL)).hasSize(55);
    }

    @Test
    void error_whileLooking_endsItAndLetsOthersLead() {
        SyncParts broken = new SyncParts(
                mirroring.store().mirrored(),
                mirroring.register(),
                List.of(Mirroring.source(upstream.base())),
                Mirroring.QUICK,
                SMALL,
                () -> {
                    throw new StackOverflowError("for this test");
                });
        AtomicBoolean ended = new AtomicBoolean();
        try (Daemon daemon = new Daemon(broken, mirroring.leader(), List.of(ALL), Daemon.DaemonSettings.standard())) {
            daemon.start(() -> ended.set(true));
            await().until(ended::get);
            assertThat(daemon.hasFailed()).isTrue();
        }
        try (Mirroring other = Mirroring.of(database, Mirroring.source(upstream.base()), SMALL, ALL)) {
            assertThat(other.leader().tryOnce()).isTrue();
        }
    }

    @Test
    void types_ofWhichOneIsMeant_leaveTheOthersAndTheirMarks() {
        Definition other = Definition.of("up", "Device");
        try (Mirroring both = Mirroring.of(database, Mirroring.source(upstream.base()), SMALL, ALL, other)) {
            both.leader().tryOnce();
            both.register().publish(both.leader().lease(), List.of(), List.of(ALL, other));
            both.leader().close();
            Daemon.DaemonSettings settings =
                    new Daemon.DaemonSettings(Duration.ofMillis(20), 2, Duration.ofMillis(200), Set.of("Organization"));
            try (Daemon daemon = both.daemon(settings)) {
                daemon.start();
                await().until(this::isComplete);
                awaitALook();

                assertThat(both.register().find(other.name()))
                        .as("neither forgotten nor run")
                        .map(Synchronisation::lastStart)
                        .isEmpty();
                assertThat(both.register().find(other.name())).isPresent();
            }
        }
    }

    @Test
    void start_typeThatIsNotServed_isRefusedByName() {
        try (Mirroring other = Mirroring.of(database, Mirroring.source(upstream.base()), SMALL, ALL)) {
            assertThatThrownBy(() -> new Daemon(
                            other.parts(),
                            other.leader(),
                            List.of(Definition.of("up", "Patient")),
                            Daemon.DaemonSettings.standard()))
                    .isInstanceOf(ConfigurationRefused.class)
                    .hasMessageContaining("up/Patient");
        }
    }
}
