package miroir.kills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Projections;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import miroir.simulator.Kind;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Command;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import miroir.storage.testing.VersionChains;
import miroir.sync.run.CheckCopy;
import miroir.sync.testing.Mirroring;
import org.awaitility.core.ConditionFactory;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;

/**
 * Two daemon processes on one database. Who leads is what they say themselves; when they took the lease is what the database
 * says, since its clock decides about leases.
 */
final class TwoDaemons implements AutoCloseable {
    private static final int SIZE = 622;
    private static final int QUOTA = 15;
    private static final int TAKEN_BEFORE = 60;
    private static final int PAGES_BEFORE = 5;

    /** What daemons change while nothing happens: their leases, and the floors of writers. */
    private static final Set<String> OF_PROCESSES = Set.of("miroir_jobs", "miroir_floors", "miroir_counters");

    /** That they are there is what daemons say too, in what all agree on about searching. */
    private static final Bson OF_MEMBERS = Projections.exclude("members");

    private final LocalMongod mongod;
    private final Site site;
    private final LivingDirectory directory;
    private final MongoClient client;
    private final Ledger ledger;
    private final Register register;
    private final List<KillableProcess> daemons;

    private TwoDaemons(LocalMongod mongod, Site site, List<KillableProcess> daemons) {
        this.mongod = mongod;
        this.site = site;
        this.directory = site.directory();
        this.client = MongoClients.create(site.database().uri());
        this.ledger = site.ledger();
        this.register = new Register(ledger);
        this.daemons = daemons;
    }

    /**
     * The first one leads, and its first run has begun. One that stands still may do so amid a transaction, for which the other would
     * wait a minute.
     */
    static TwoDaemons start(Path folder, Duration lease, long seed) throws IOException {
        LocalMongod mongod = LocalMongod.startWithShortTransactions(TestMongod.binary());
        TestDatabase database = new TestDatabase(mongod.uri(), "failover");
        Site site = new Site(folder, database, new LivingDirectory(seed, SIZE)).configure(lease, "1d", QUOTA);
        KillableProcess first = site.daemon("first");
        patiently().until(() -> first.says("/metrics", Site.LEADING));
        KillableProcess second = site.daemon("second");
        patiently().until(() -> second.says("/metrics", "miroir_sync_leading"));
        return new TwoDaemons(mongod, site, List.of(first, second));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(20));
    }

    /**
     * What became of a killed leader's lease.
     *
     * @param leaseToLease from the end of its last lease to the end of the other one's first. A lease begins so long before its
     *     end as it is, and the old leader lived when its last one began, so this is no less than the time between kill and
     *     take-over.
     * @param kill the time between kill and take-over as a client sees it
     * @param write the time until the other one had written something
     */
    record TakeOver(Duration leaseToLease, Duration kill, Duration write) {
        String figures() {
            return String.format(
                    Locale.ROOT,
                    "\"takeOver\": {\"leaseToLeaseMillis\": %d, \"leadsAfterMillis\": %d, \"writesAfterMillis\": %d}",
                    leaseToLease.toMillis(),
                    kill.toMillis(),
                    write.toMillis());
        }
    }

    private record Leased(long token, Instant until) {}

    private Leased leased() {
        BsonDocument job = ledger.find("miroir_jobs", "synchronisation").orElseThrow();
        return new Leased(
                job.getNumber("token").longValue(),
                Instant.ofEpochMilli(job.getDateTime("until").getValue()));
    }

    /** Kills the leader in the middle of its first run; the other one ends it, and nothing is written twice. */
    TakeOver takeOver() throws Exception {
        patiently().until(() -> taken() > TAKEN_BEFORE);
        assertThat(openRuns()).isNotEmpty();
        daemons.get(0).kill();
        long killed = System.nanoTime();
        Leased before = leased();
        long takenBefore = taken();
        patiently().until(() -> leased().token() > before.token());
        Leased after = leased();
        Duration leads = Duration.ofNanos(System.nanoTime() - killed);
        patiently().until(() -> taken() > takenBefore);
        Duration writes = Duration.ofNanos(System.nanoTime() - killed);
        patiently().until(() -> Site.definitions().stream().allMatch(this::isComplete));

        for (Definition each : Site.definitions()) {
            assertThat(register.runs(each.name(), 10))
                    .as("one run, gone on with")
                    .hasSize(1);
        }
        checkEqual();
        for (Kind kind : LivingDirectory.KINDS) {
            VersionChains chains = VersionChains.read(site.database(), kind.type());
            chains.checkGapless("after a take-over");
            assertThat(chains.live().values()).as("versions of %s", kind).containsOnly(1L);
        }
        return new TakeOver(Duration.between(before.until(), after.until()), leads, writes);
    }

    /**
     * Has the leader stand still in the middle of a run until the other one leads and has ended that run, lets half of the
     * directory change, and wakes it: it must not write any of that, nor anything else.
     */
    void pauseTheLeader() throws Exception {
        KillableProcess leader = leader();
        KillableProcess other = leader == daemons.get(0) ? daemons.get(1) : daemons.get(0);
        patiently()
                .until(() -> Site.definitions().stream().allMatch(this::isComplete)
                        && openRuns().isEmpty());
        Instant now = directory.later();
        Site.definitions().forEach(each -> register.post(Command.of(each.name(), Command.Verb.FULL, Instant.now())));
        patiently().until(() -> openRuns().stream().anyMatch(run -> run.phase() == Run.Phase.READING));
        long asked = directory.asked() + PAGES_BEFORE;
        patiently().until(() -> directory.asked() >= asked);
        assertThat(openRuns()).isNotEmpty();
        long token = leased().token();
        leader.pause();
        patiently().until(() -> leased().token() > token);
        patiently().until(() -> Site.definitions().stream().allMatch(each -> isCompleteSince(each, now)));
        patiently().until(() -> openRuns().isEmpty());
        directory.changeMuch();
        Map<String, Set<BsonDocument>> before = everything();

        leader.goOn();

        patiently().until(() -> hasGivenUp(leader));
        Map<String, Set<BsonDocument>> after = everything();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((name, documents) -> {
            assertThat(documents).as(name).hasSameSizeAs(before.get(name));
            documents.removeAll(before.get(name));
            assertThat(documents).as("what was written into %s", name).isEmpty();
        });
        assertThat(other.says("/metrics", Site.LEADING)).isTrue();
    }

    private KillableProcess leader() throws InterruptedException {
        patiently().until(() -> findLeader().isPresent());
        return findLeader().orElseThrow();
    }

    private Optional<KillableProcess> findLeader() throws InterruptedException {
        for (KillableProcess each : daemons) {
            if (each.says("/metrics", Site.LEADING)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** It knows that it leads no more, and nothing runs in it. */
    private static boolean hasGivenUp(KillableProcess daemon) throws Exception {
        String metrics = daemon.get("/metrics").body();
        return metrics.contains("miroir_sync_leading 0.0\n") && !metrics.contains("miroir_sync_run_total{");
    }

    private List<Run> openRuns() {
        List<Run> open = new ArrayList<>();
        Site.definitions()
                .forEach(each -> register.runs(each.name(), 1).stream()
                        .filter(Run::isOpen)
                        .forEach(open::add));
        return open;
    }

    private boolean isComplete(Definition definition) {
        return register.find(definition.name()).map(known -> known.mark()).isPresent();
    }

    private boolean isCompleteSince(Definition definition, Instant instant) {
        return register.find(definition.name())
                .map(known -> known.mark())
                .filter(mark -> !mark.isBefore(instant))
                .isPresent();
    }

    /** How many resources are there. */
    private long taken() {
        return LivingDirectory.KINDS.stream()
                .mapToLong(kind -> database().getCollection(kind.type()).countDocuments())
                .sum();
    }

    private MongoDatabase database() {
        return client.getDatabase(site.database().name());
    }

    private Map<String, Set<BsonDocument>> everything() {
        Map<String, Set<BsonDocument>> everything = new TreeMap<>();
        for (String name : database().listCollectionNames()) {
            if (!OF_PROCESSES.contains(name)) {
                everything.put(
                        name,
                        database()
                                .getCollection(name, BsonDocument.class)
                                .find()
                                .projection(OF_MEMBERS)
                                .into(new HashSet<>()));
            }
        }
        return everything;
    }

    private void checkEqual() {
        try (Mirroring mirroring = site.mirroring()) {
            for (Definition each : Site.definitions()) {
                CheckCopy.Report report = mirroring.compare(each);
                assertThat(report.isEqual())
                        .as("%s: %s", report, report.named())
                        .isTrue();
            }
        }
    }

    @Override
    public void close() {
        daemons.forEach(KillableProcess::close);
        ledger.close();
        client.close();
        mongod.close();
        directory.close();
    }
}
