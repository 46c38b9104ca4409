package miroir.server.kills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import miroir.storage.testing.LocalMongod;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.TestMongod;
import miroir.storage.testing.VersionChains;

/**
 * Two servers and their database, killed at random while clients write. After every round everything is up again, the
 * clients rest, and the database is held against what they were told; then the next round goes on with the same resources.
 */
final class Killings implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A server that was killed over the job holds it for two minutes, and others look for it once a minute. */
    private static final Duration UNTIL_REPAIRED = Duration.ofMinutes(6);

    private static final int MOST_WRITES_BETWEEN = 200;
    private static final int MONGOD = 2;

    private final LocalMongod mongod;
    private final TestDatabase database;
    private final List<KillableServer> servers;
    private long kills;
    private long killsOfMongod;
    private long acknowledged;
    private long broken;
    private long refused;

    Killings(Path folder) throws IOException {
        this.mongod = LocalMongod.start(TestMongod.binary());
        this.database = new TestDatabase(mongod.uri(), "kills");
        KillableServer one = new KillableServer(database, folder, "one");
        await("first start").atMost(PATIENCE).until(one::isReady);
        one.stop();
        one.restart();
        this.servers = List.of(one, new KillableServer(database, folder, "other"));
        awaitReady("start");
    }

    /** One round of so many kills, or a few more. */
    void round(long seed, int killsOfRound) throws Exception {
        String run = "seed " + seed;
        Random random = new Random(seed);
        KilledWriters writers = new KilledWriters(servers, seed);
        writers.start();
        for (int killed = 0; killed < killsOfRound; ) {
            awaitMore(run, writers, 10 + random.nextInt(MOST_WRITES_BETWEEN));
            killed += killSome(random);
        }
        awaitReady(run);
        awaitMore(run, writers, MOST_WRITES_BETWEEN);
        writers.stop();
        VersionChains chains = VersionChains.read(database, KilledWriters.TYPE);
        chains.checkGapless(run);
        writers.check(run, chains);
        acknowledged += writers.acknowledgements();
        broken += writers.broken();
        refused += writers.refused();
    }

    /** What only crashes leave is gone once a server has started and repaired it. */
    void checkRepaired() throws IOException {
        servers.get(0).restart();
        await().atMost(UNTIL_REPAIRED)
                .untilAsserted(() -> assertThat(
                                VersionChains.read(database, KilledWriters.TYPE).withoutEnd())
                        .as("superseded versions without an end")
                        .isZero());
    }

    /** How many processes were killed so far. */
    long kills() {
        return kills;
    }

    String figures() {
        VersionChains chains = VersionChains.read(database, KilledWriters.TYPE);
        return String.format(
                Locale.ROOT,
                "{\"kills\": %d, \"ofMongod\": %d, \"acknowledged\": %d, \"unanswered\": %d, \"refused\": %d,"
                        + " \"versions\": %d}",
                kills,
                killsOfMongod,
                acknowledged,
                broken,
                refused,
                chains.versions());
    }

    /** One of the three processes, or two, or all at the same moment. */
    private int killSome(Random random) throws IOException {
        List<Integer> victims = new ArrayList<>(List.of(0, 1, MONGOD));
        Collections.shuffle(victims, random);
        List<Integer> killed = victims.subList(0, 1 + random.nextInt(3));
        for (int victim : killed) {
            if (victim == MONGOD) {
                mongod.kill();
                killsOfMongod++;
            } else {
                servers.get(victim).kill();
            }
        }
        for (int victim : killed) {
            if (victim == MONGOD) {
                mongod.restart();
            } else {
                servers.get(victim).restart();
            }
        }
        kills += killed.size();
        return killed.size();
    }

    /** Clients must get on between two kills, or nothing would be in danger. */
    private static void awaitMore(String run, KilledWriters writers, int writes) {
        long enough = writers.acknowledgements() + writes;
        await(run).atMost(PATIENCE).until(() -> writers.acknowledgements() >= enough);
    }

    private void awaitReady(String run) {
        await(run).atMost(PATIENCE).until(() -> servers.stream().allMatch(KillableServer::isReady));
    }

    @Override
    public void close() {
        servers.forEach(KillableServer::close);
        mongod.close();
    }
}
