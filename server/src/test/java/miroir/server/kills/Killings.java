package miroir.server.kills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import miroir.storage.testing.KilledDatabase;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.VersionChains;

/**
 * Two servers and their database, or who leads of its members, killed at random while clients write.
 *
 * <p>What it proves: whatever an answer said is true afterwards. Every acknowledged version, creates under ids of the
 * server's choice included, is in the database with its content; it can be read at any time by anybody; an update with
 * {@code If-Match} made exactly the next version; what was created where nothing met the criteria is there once; what was
 * erased stays erased. And whatever was not answered, because its server or the database was killed, has left nothing
 * half: versions of a resource are 1, 2, 3 … without a gap, each ends
 * where the next begins, and no position is taken twice; what one transaction writes is there as a whole or not at all, and
 * whoever reads as at an instant sees it so. That holds at rest after every round, and for all rounds together
 * once a server has repaired what crashes left; then nothing is left to repair, nothing of what was erased is left, and searches
 * and histories show what the database has.
 *
 * <p>How: one process, two, or all three are killed at the same moment, as a power cut would. Before, every victim must
 * have acknowledged some writes since it came back, and the first one have a transaction to answer, or nothing would be in danger.
 * Nobody waits for the others: a round begins while victims of the last one are still starting, since starts cost most of the
 * time. A round goes on with the resources of the rounds before.
 */
final class Killings implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int FEWEST_WRITES_BETWEEN = 5;
    private static final int MOST_WRITES_BETWEEN = 40;
    private static final int WRITES_AFTERWARDS = 40;
    private static final int MONGOD = 2;
    private static final List<Integer> HOW_MANY = List.of(1, 1, 1, 2, 2, 3);

    private final KilledDatabase mongod;
    private final TestDatabase database;
    private final List<KillableServer> servers;
    private final Map<String, Promises> promised = new LinkedHashMap<>();
    private final List<Long> pauses = new ArrayList<>();
    private long kills;
    private long killsOfMongod;
    private long killsAmidTransactions;
    private long transactions;
    private long unanswered;
    private long refused;

    Killings(Path folder, KilledDatabase mongod, Map<String, String> configuration) throws IOException {
        this(folder, mongod, configuration, configuration);
    }

    private Killings(
            Path folder, KilledDatabase mongod, Map<String, String> configuration, Map<String, String> ofTheOther)
            throws IOException {
        this.mongod = mongod;
        this.database = new TestDatabase(mongod.uri(), "kills");
        KillableServer one = new KillableServer(database, folder, "one", configuration);
        await("first start").atMost(PATIENCE).until(one::isReady);
        one.stop();
        one.restart();
        this.servers = List.of(one, new KillableServer(database, folder, "other", ofTheOther));
    }

    /** On three members: one server reads from secondaries, and the other one from the primary, as shipped. */
    static Killings ofElections(Path folder) throws IOException {
        return ofElections(folder, KilledDatabase.ofThree());
    }

    /** The same with the time that MongoDB lets pass before it elects. */
    static Killings ofUsualElections(Path folder) throws IOException {
        return ofElections(folder, KilledDatabase.ofThreeAsUsual());
    }

    private static Killings ofElections(Path folder, KilledDatabase members) throws IOException {
        return new Killings(folder, members, Map.of("MIROIR_DATABASE_READS", "secondaries"), Map.of());
    }

    /** One round of so many kills, or a few more. */
    void round(long seed, int killsOfRound) throws Exception {
        String run = "seed " + seed;
        Random random = new Random(seed);
        KilledWriters writers = new KilledWriters(servers, seed);
        promised.put(run, writers.promises());
        writers.start();
        for (int killed = 0; killed < killsOfRound; ) {
            List<Integer> victims = victims(random);
            awaitWrites(run, writers, victims, FEWEST_WRITES_BETWEEN + random.nextInt(MOST_WRITES_BETWEEN));
            awaitTransaction(run, writers, victims.get(0));
            if (isAmidTransaction(writers, victims.get(0))) {
                killsAmidTransactions++;
            }
            kill(victims);
            if (victims.equals(List.of(MONGOD))) {
                pauses.add(untilNextWrite(run, writers));
            }
            killed += victims.size();
        }
        awaitWrites(run, writers, List.of(), WRITES_AFTERWARDS);
        writers.stop();
        VersionChains chains = VersionChains.read(database, KilledClient.TYPE);
        chains.checkGapless(run);
        writers.promises().check(run, chains);
        Group.checkWhole(run, chains);
        transactions += writers.transactions();
        unanswered += writers.unanswered();
        refused += writers.refused();
    }

    /**
     * That transactions were in danger at all: if all were answered 409 or 503, or none was open when somebody was killed, whatever else
     * is checked would say nothing of them.
     */
    void checkTransactions() {
        assertThat(transactions).as("transactions that were acknowledged").isGreaterThanOrEqualTo(kills / 2);
        assertThat(killsAmidTransactions)
                .as("times that somebody was killed amid a transaction")
                .isGreaterThanOrEqualTo(kills / 4);
    }

    /** What only crashes leave is gone once a server has started and repaired it, and nothing else is. */
    void checkRepaired() throws Exception {
        await("both").atMost(PATIENCE).until(() -> servers.stream().allMatch(KillableServer::isReady));
        servers.forEach(KillableServer::kill);
        VersionChains.giveBackJob(database, "history");
        servers.get(0).restart();
        await("repair").atMost(PATIENCE).until(servers.get(0)::isReady);
        await().atMost(PATIENCE).untilAsserted(() -> {
            VersionChains chains = VersionChains.read(database, KilledClient.TYPE);
            assertThat(chains.withoutEnd())
                    .as("superseded versions without an end")
                    .isZero();
            assertThat(chains.leftOfErased()).as("versions of what is erased").isZero();
        });
        VersionChains chains = VersionChains.read(database, KilledClient.TYPE);
        chains.checkGapless("repaired");
        promised.forEach((run, promises) -> {
            promises.check(run + ", repaired", chains);
            Group.checkWhole(run, chains);
        });
        // What the killed one may still have had open is settled once its row on the board of floors has run out.
        await("agreement")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> new Agreement(servers.get(0), chains).check());
    }

    /** How many processes were killed so far. */
    long kills() {
        return kills;
    }

    String figures() {
        VersionChains chains = VersionChains.read(database, KilledClient.TYPE);
        return String.format(
                Locale.ROOT,
                "{\"kills\": %d, \"ofMongod\": %d, \"acknowledged\": %d, \"erasures\": %d, \"transactions\": %d,"
                        + " \"timesAmidTransactions\": %d, \"unanswered\": %d, \"refused\": %d, \"versions\": %d, \"longestPauseMillis\": %d, \"usualPauseMillis\": %d}",
                kills,
                killsOfMongod,
                promised.values().stream().mapToLong(Promises::count).sum(),
                promised.values().stream().mapToLong(Promises::erasures).sum(),
                transactions,
                killsAmidTransactions,
                unanswered,
                refused,
                chains.versions(),
                pauses.stream().mapToLong(Long::longValue).max().orElse(0),
                pauses.stream().sorted().skip(pauses.size() / 2).findFirst().orElse(0L));
    }

    /** One of the three processes, more rarely two, or all. */
    private static List<Integer> victims(Random random) {
        List<Integer> all = new ArrayList<>(List.of(0, 1, MONGOD));
        Collections.shuffle(all, random);
        return all.subList(0, HOW_MANY.get(random.nextInt(HOW_MANY.size())));
    }

    private void kill(List<Integer> victims) throws IOException {
        for (int victim : victims) {
            if (victim == MONGOD) {
                mongod.kill();
                killsOfMongod++;
            } else {
                servers.get(victim).kill();
            }
        }
        for (int victim : victims) {
            if (victim == MONGOD) {
                mongod.restart();
            } else {
                servers.get(victim).restart();
            }
        }
        kills += victims.size();
    }

    /** For how many milliseconds nobody's write was acknowledged, from the moment that it is known that the database was killed. */
    private long untilNextWrite(String run, KilledWriters writers) {
        long begun = System.nanoTime();
        long before = acknowledgedBy(writers, 0) + acknowledgedBy(writers, 1);
        await(run)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> writers.hasFailed() || acknowledgedBy(writers, 0) + acknowledgedBy(writers, 1) > before);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    /** So many by all from now on, and some by each of these servers. */
    private void awaitWrites(String run, KilledWriters writers, List<Integer> victims, int writes) {
        List<Long> before = List.of(acknowledgedBy(writers, 0), acknowledgedBy(writers, 1));
        await(run).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            long one = acknowledgedBy(writers, 0) - before.get(0);
            long other = acknowledgedBy(writers, 1) - before.get(1);
            return writers.hasFailed()
                    || (one + other >= writes
                            && (!victims.contains(0) || one >= FEWEST_WRITES_BETWEEN)
                            && (!victims.contains(1) || other >= FEWEST_WRITES_BETWEEN));
        });
    }

    /** Until the victim, or any server where it is the database, has a transaction to do. */
    private void awaitTransaction(String run, KilledWriters writers, int victim) {
        await(run)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> writers.hasFailed() || isAmidTransaction(writers, victim));
    }

    private boolean isAmidTransaction(KilledWriters writers, int victim) {
        return victim == MONGOD
                ? writers.isAmidTransaction(0, servers.size()) || writers.isAmidTransaction(1, servers.size())
                : writers.isAmidTransaction(victim, servers.size());
    }

    private long acknowledgedBy(KilledWriters writers, int server) {
        return writers.acknowledgedBy(server, servers.size());
    }

    @Override
    public void close() {
        servers.forEach(KillableServer::close);
        mongod.close();
    }
}
