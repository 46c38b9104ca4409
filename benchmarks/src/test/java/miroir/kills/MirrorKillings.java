package miroir.kills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import miroir.simulator.Kind;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Command;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.testing.KilledDatabase;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.VersionChains;
import miroir.sync.run.CheckCopy;
import miroir.sync.testing.Mirroring;
import org.bson.BsonDocument;

/**
 * Two daemons, two servers and who leads of the three members of their database, killed at random while a directory lives, answers badly, and is copied.
 *
 * <p>What it proves: the copy ends equal to the directory, resource by resource, whatever was killed when. Versions of a resource are
 * 1, 2, 3 … without a gap, each ends where the next begins, no two neighbours have the same content, and each has one that the
 * directory once had. Meanwhile no server fails, nothing that one says is older than what either said before, though secondaries answer, and every version
 * that one ever showed is there in the end as it was shown.
 *
 * <p>How: the primary, a server, the daemon that leads, two of them or all three are killed at the same moment. Before, each victim must have done something since it
 * came back, or nothing would be in danger: the daemon has asked the directory, the server has answered its clients. A few pages
 * a second is all that the daemon may ask for, so that kills fall into runs. After each kill the directory changes, and so do its
 * faults; days pass, so that some runs are full ones by themselves. A round ends with faults off and a full run, and everything
 * is compared.
 */
final class MirrorKillings implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final List<Integer> HOW_MANY = List.of(1, 1, 1, 2, 2, 3);
    private static final int MOST_CALLS_BETWEEN = 40;
    private static final int MOST_ANSWERS_BETWEEN = 40;

    /** More than members ask each other. */
    private static final int OF_SECONDARIES = 50;

    private enum Victim {
        MONGOD,
        SERVER,
        DAEMON
    }

    private final String seeded;
    private final Random random;
    private final KilledDatabase mongod;
    private final LivingDirectory directory;
    private final Site site;
    private final Ledger ledger;
    private final Register register;
    private final List<KillableProcess> servers;
    private final List<KillableProcess> daemons;
    private final MirrorReaders readers;
    private final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
    private final Map<String, Integer> during = new TreeMap<>();
    private long runs;
    private long versions;

    MirrorKillings(Path folder, long seed, int size, int quota) throws IOException {
        this.seeded = "seed " + seed;
        this.random = new Random(seed);
        this.mongod = KilledDatabase.ofThree();
        this.directory = new LivingDirectory(seed, size);
        this.site = new Site(folder, new TestDatabase(mongod.uri(), "mirror_kills"), directory)
                .configure(Duration.ofSeconds(3), "2s", quota);
        this.ledger = site.ledger();
        this.register = new Register(ledger);
        KillableProcess server = site.server("server");
        awaitReady(server);
        server.stop();
        server.restart();
        awaitReady(server);
        this.servers = List.of(server, site.server("other-server"));
        KillableProcess daemon = site.daemon("daemon");
        await(seeded).atMost(PATIENCE).until(() -> daemon.says("/metrics", Site.LEADING));
        daemon.stop();
        daemon.restart();
        this.daemons = List.of(daemon, site.daemon("other-daemon"));
        this.readers = new MirrorReaders(servers, directory, seed);
    }

    private void awaitReady(KillableProcess server) {
        await(seeded).atMost(PATIENCE).until(() -> server.says("/health/ready", ""));
    }

    /** How many processes were killed so far. */
    int kills() {
        return kills.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** So many kills, or a few more, and the comparison. */
    void round(int killsOfRound) throws Exception {
        int end = kills() + killsOfRound;
        while (kills() < end) {
            List<Victim> victims = victims();
            directory.changeFaults(random);
            awaitWork(victims);
            during.merge(whatRuns(), victims.size(), Integer::sum);
            kill(victims);
            directory.live(random);
        }
        settle();
        check(seeded + ", " + kills() + " kills");
    }

    private List<Victim> victims() {
        List<Victim> all = new ArrayList<>(List.of(Victim.values()));
        Collections.shuffle(all, random);
        return all.subList(0, HOW_MANY.get(random.nextInt(HOW_MANY.size())));
    }

    private void awaitWork(List<Victim> victims) {
        boolean asks = !victims.equals(List.of(Victim.SERVER));
        boolean answers = !victims.equals(List.of(Victim.DAEMON));
        long calls = directory.asked() + 1 + (asks ? random.nextInt(MOST_CALLS_BETWEEN) : -1);
        long answered = readers.answered() + 1 + (answers ? random.nextInt(MOST_ANSWERS_BETWEEN) : -1);
        await(seeded)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> readers.hasFailed() || (directory.asked() >= calls && readers.answered() >= answered));
        assertThat(readers.hasFailed())
                .as("%s: a reader was answered wrongly", seeded)
                .isFalse();
    }

    /** A run that reads everything, one that reads changes, or none. */
    private String whatRuns() {
        return Site.definitions().stream()
                .flatMap(each -> register.runs(each.name(), 1).stream())
                .filter(Run::isOpen)
                .map(run -> run.full() ? "full" : "delta")
                .max(String::compareTo)
                .orElse("between");
    }

    private void kill(List<Victim> victims) throws Exception {
        KillableProcess server = servers.get(random.nextInt(servers.size()));
        KillableProcess daemon = leader();
        for (Victim victim : victims) {
            switch (victim) {
                case MONGOD -> mongod.kill();
                case SERVER -> server.kill();
                case DAEMON -> daemon.kill();
            }
            kills.merge(victim, 1, Integer::sum);
        }
        for (Victim victim : victims) {
            switch (victim) {
                case MONGOD -> mongod.restart();
                case SERVER -> server.restart();
                case DAEMON -> daemon.restart();
            }
        }
    }

    /** The daemon that leads, or any where the lease of a killed one has not run out yet. */
    private KillableProcess leader() throws InterruptedException {
        for (KillableProcess daemon : daemons) {
            if (daemon.says("/metrics", Site.LEADING)) {
                return daemon;
            }
        }
        return daemons.get(random.nextInt(daemons.size()));
    }

    /** A full run without faults that began after everything that happened. */
    private void settle() {
        directory.calm();
        Instant now = directory.later();
        for (Definition each : Site.definitions()) {
            register.post(Command.of(each.name(), Command.Verb.FULL, Instant.now()));
        }
        await(seeded)
                .atMost(PATIENCE)
                .until(() -> Site.definitions().stream()
                        .allMatch(each ->
                                register.runs(each.name(), 100).stream().anyMatch(run -> isCompleteSince(run, now))));
        runs = Site.definitions().stream()
                .mapToLong(each -> register.runs(each.name(), 10_000).size())
                .sum();
    }

    private static boolean isCompleteSince(Run run, Instant instant) {
        return run.full() && run.end() == Run.End.DONE && !run.mark().isBefore(instant);
    }

    private void check(String run) {
        try (Mirroring mirroring = site.mirroring()) {
            for (Definition each : Site.definitions()) {
                CheckCopy.Report report = mirroring.compare(each);
                assertThat(report.named()).as("%s: %s", run, report).isEmpty();
                assertThat(report.isEqual()).as("%s: %s", run, report).isTrue();
            }
        }
        versions = 0;
        for (Kind kind : LivingDirectory.KINDS) {
            VersionChains chains = VersionChains.read(site.database(), kind.type());
            chains.checkGapless(run);
            assertThat(chains.unchanged())
                    .as("%s: versions without a change", run)
                    .isEmpty();
            Map<String, BsonDocument> contents = chains.contents();
            assertThat(contents.entrySet().stream()
                            .filter(each -> !directory.everHad(each.getValue()))
                            .map(Map.Entry::getKey))
                    .as("%s: versions that the directory never had", run)
                    .isEmpty();
            versions += chains.versions();
        }
    }

    /** What the readers saw is there, and what only crashes leave is gone once a server has started and repaired it. */
    void checkAtTheEnd() throws Exception {
        for (KillableProcess each : servers) {
            awaitReady(each);
        }
        for (KillableProcess each : daemons) {
            await(seeded).atMost(PATIENCE).until(() -> each.says("/metrics", "miroir_sync_leading"));
        }
        long before = mongod.queriesOfSecondaries();
        await(seeded).atMost(PATIENCE).until(() -> mongod.queriesOfSecondaries() > before + OF_SECONDARIES);
        readers.stop();
        for (Kind kind : LivingDirectory.KINDS) {
            readers.check(
                    seeded,
                    kind,
                    VersionChains.read(site.database(), kind.type()).contents());
        }
        daemons.forEach(KillableProcess::kill);
        servers.forEach(KillableProcess::kill);
        VersionChains.giveBackJob(site.database(), "history");
        servers.get(0).restart();
        await(seeded).atMost(PATIENCE).untilAsserted(() -> {
            for (Kind kind : LivingDirectory.KINDS) {
                assertThat(VersionChains.read(site.database(), kind.type()).withoutEnd())
                        .as("%s: superseded versions without an end", seeded)
                        .isZero();
            }
        });
        check(seeded + ", repaired");
        for (KillableProcess daemon : daemons) {
            assertThat(daemon.printed()).as(seeded).doesNotContain(" ERROR ");
        }
    }

    String figures() {
        return String.format(
                Locale.ROOT,
                "\"kills\": %s, \"during\": %s, \"runs\": %d, \"versions\": %d, \"answered\": %d, \"refused\": %d,"
                        + " \"unanswered\": %d, \"faults\": %s",
                json(kills),
                json(during),
                runs,
                versions,
                readers.answered(),
                readers.refused(),
                readers.unanswered(),
                directory.figures());
    }

    private static String json(Map<?, Integer> counts) {
        return counts.entrySet().stream()
                .map(each -> "\"" + each.getKey().toString().toLowerCase(Locale.ROOT) + "\": " + each.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    @Override
    public void close() {
        daemons.forEach(KillableProcess::close);
        servers.forEach(KillableProcess::close);
        ledger.close();
        directory.close();
        mongod.close();
    }
}
