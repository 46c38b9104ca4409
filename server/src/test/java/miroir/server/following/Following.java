package miroir.server.following;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.server.ServerProcess;
import miroir.storage.testing.TestDatabase;
import miroir.storage.testing.VersionChains;

/**
 * Followers of sixteen clients that write through two servers, and the comparison of what they know in the end with what is
 * in the database: it must be the same, whoever asked which server when, however long a write took, and although one server
 * stood still for longer than its lease in the larger form.
 */
final class Following implements AutoCloseable {
    static final List<String> TYPES = List.of("Practitioner", "Organization", "Device");
    private static final int WRITERS = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestDatabase database;
    private final String run;
    private final List<ServerProcess> servers;
    private final List<FollowedWriter> writers;
    private final List<SearchFollower> searches;
    private final HistoryFollower ofType;
    private final HistoryFollower system;
    private final SearchFollower byOwnClock;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, VersionChains> chains = new HashMap<>();

    Following(TestDatabase database, Path folder, int writes, long seed) throws IOException {
        this.database = database;
        this.run = "seed " + seed;
        this.servers = List.of(server(folder, "one"), server(folder, "other"));
        this.writers = IntStream.range(0, WRITERS)
                .mapToObj(i -> new FollowedWriter(
                        servers.get(i % servers.size()), TYPES, "w" + i, writes, new Random(seed * WRITERS + i)))
                .toList();
        this.searches =
                TYPES.stream().map(type -> SearchFollower.of(servers, type)).toList();
        this.ofType = HistoryFollower.ofType(servers, TYPES.get(0));
        this.system = HistoryFollower.ofSystem(servers);
        this.byOwnClock = SearchFollower.byOwnClock(servers, TYPES.get(0));
        await(run).atMost(PATIENCE).until(() -> servers.stream().allMatch(ServerProcess::isReady));
    }

    private ServerProcess server(Path folder, String name) throws IOException {
        return new ServerProcess(
                database,
                folder.resolve(name + ".log"),
                () -> List.of("-Xmx256m", "-XX:+UseSerialGC"),
                Map.of("MIROIR_TYPES", String.join(",", TYPES), "MIROIR_WRITABLE", "true"));
    }

    /** Writes and follows to the end; one server stands still meanwhile where that is wanted. */
    void run(boolean standStill) throws Exception {
        List<Future<Void>> following = followers().map(threads::submit).toList();
        List<Future<Void>> writing = writers.stream().map(threads::submit).toList();
        if (standStill) {
            standStill();
        }
        for (Future<Void> writer : writing) {
            writer.get();
        }
        for (String type : TYPES) {
            chains.put(type, VersionChains.read(database, type));
        }
        Instant newest = chains.values().stream()
                .map(VersionChains::latest)
                .max(Instant::compareTo)
                .orElseThrow();
        followers().forEach(follower -> follower.end(newest));
        for (Future<Void> follower : following) {
            follower.get();
        }
    }

    private Stream<Follower> followers() {
        return Stream.concat(searches.stream(), Stream.of(ofType, system, byOwnClock));
    }

    /** Until its floor has expired, and what others commit meanwhile is settled without it. */
    private void standStill() throws Exception {
        await(run).atMost(PATIENCE).until(() -> writers.stream().allMatch(writer -> writer.done() > 10));
        ServerProcess still = servers.get(0);
        still.pause();
        Instant since = Instant.now().plusSeconds(1);
        await(run).atMost(PATIENCE).until(() -> system.upTo().isAfter(since));
        still.goOn();
    }

    void check() {
        writers.forEach(writer -> writer.acknowledged()
                .forEach(each -> chain(each.type()).checkKept(run, each.id(), each.version(), each.text())));
        assertThat(system.seen()).as("%s: the history of the system", run).isEqualTo(versions(TYPES));
        assertThat(ofType.seen()).as("%s: the history of a type", run).isEqualTo(versions(TYPES.subList(0, 1)));
        searches.forEach(each -> assertThat(each.missed(chain(each.type()).live()))
                .as("%s: missed by searches", run)
                .isEmpty());
    }

    private Set<String> versions(List<String> types) {
        Set<String> versions = new HashSet<>();
        types.forEach(type -> chain(type).names().forEach(name -> versions.add(type + '/' + name)));
        return versions;
    }

    private VersionChains chain(String type) {
        return Objects.requireNonNull(chains.get(type));
    }

    /** Acknowledged writes. */
    int acknowledged() {
        return writers.stream().mapToInt(writer -> writer.acknowledged().size()).sum();
    }

    String figures() {
        List<Long> lags =
                followers().flatMap(each -> each.lagMillis().stream()).sorted().toList();
        return String.format(
                Locale.ROOT,
                "{\"acknowledged\": %d, \"versions\": %d, \"questions\": %d, \"medianLagMillis\": %d,"
                        + " \"longestLagMillis\": %d, \"missedByOwnClock\": %d}",
                acknowledged(),
                chains.values().stream().mapToLong(VersionChains::versions).sum(),
                lags.size(),
                lags.get(lags.size() / 2),
                lags.get(lags.size() - 1),
                byOwnClock.missed(chain(byOwnClock.type()).live()).size());
    }

    @Override
    public void close() {
        threads.shutdownNow();
        servers.forEach(ServerProcess::close);
    }
}
