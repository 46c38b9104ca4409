package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import miroir.server.Http;
import miroir.server.ServerProcess;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred thousand changes, by two servers that are killed at random, to a receiver that fails one time in five: each has to arrive, and none before the one before it. How
 * long it took from commit to delivery is reported of the time when nobody is killed, at 500 changes a second or as many as the machine takes.
 */
@Tag("soak")
@ExtendWith(MongoExtension.class)
class SubscriptionsIT {
    private static final int CHANGES = Integer.getInteger("miroir.subscriptions.changes", 100_000);
    private static final int RESOURCES = 2_000;
    private static final int WRITERS = 8;
    private static final int PER_SECOND = 500;
    private static final int CHANGES_PER_KILL = 5_000;
    private static final int MEASURED_SECONDS = 30;

    private final long seed = Long.getLong("miroir.seed", 1);
    private final Set<String> written = new ConcurrentSkipListSet<>();
    private final Map<String, Long> committed = new ConcurrentHashMap<>();
    private final Map<String, Long> delivered = new ConcurrentHashMap<>();
    private final List<ServerProcess> servers = new ArrayList<>();
    private final AtomicInteger kills = new AtomicInteger();

    /** The servers' logs stay where something was wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void changes_withKillsAtRandom_allArriveInTheirOrder(TestDatabase database) throws Exception {
        try (TestReceiver receiver = new TestReceiver()) {
            for (int i = 0; i < 2; i++) {
                servers.add(server(database, "server-" + i));
            }
            servers.forEach(SubscriptionsIT::awaitReady);
            subscribe(receiver);
            receiver.answers(got -> {
                delivered.putIfAbsent(got.resource() + " " + got.version(), System.nanoTime());
                return 204;
            });
            Map<String, Object> figures = new HashMap<>(lags());
            receiver.answers(got -> ThreadLocalRandom.current().nextInt(5) == 0 ? 503 : 204);
            long begun = System.nanoTime();
            writeWithKills();
            await().atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(Deliveries.missing(written, receiver.taken()))
                            .as("not delivered, seed %d", seed)
                            .isEmpty());
            Deliveries.checkOrder(receiver.taken());
            figures.put("changes", written.size());
            figures.put("kills", kills.get());
            figures.put("sent", receiver.all().size());
            figures.put("taken", receiver.taken().size());
            figures.put("seconds", (System.nanoTime() - begun) / 1_000_000_000);
            String result = System.getProperty("miroir.soak.result");
            if (result != null) {
                Files.writeString(Path.of(result), new Document(figures).toJson());
            }
        } finally {
            servers.forEach(ServerProcess::close);
        }
    }

    private ServerProcess server(TestDatabase database, String name) throws Exception {
        return new ServerProcess(
                database,
                folder.resolve(name + ".log"),
                () -> List.of("-Xmx512m", "-XX:TieredStopAtLevel=4"),
                Map.of(
                        "MIROIR_TYPES",
                        "Organization,Subscription",
                        "MIROIR_WRITABLE",
                        "true",
                        "MIROIR_SUBSCRIPTIONS_ALLOWED_TARGETS",
                        "127.0.0.1"));
    }

    private static void awaitReady(ServerProcess server) {
        await().atMost(Duration.ofMinutes(2)).until(server::isReady);
    }

    private void subscribe(TestReceiver receiver) throws Exception {
        HttpResponse<String> answer = Http.send(
                "POST",
                servers.get(0).uri("/fhir/Subscription"),
                ("{\"resourceType\":\"Subscription\",\"status\":\"requested\",\"reason\":\"test\",\"criteria\":\"Organization?name=name\","
                                + "\"channel\":{\"type\":\"rest-hook\",\"endpoint\":\"" + receiver.url("/hook")
                                + "\",\"payload\":\"application/fhir+json\"}}")
                        .getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /** In milliseconds, from the answer to the writer to the arrival of the change. */
    private Map<String, Object> lags() throws Exception {
        write(Math.min(CHANGES, 1_000), new Random(seed));
        await().atMost(Duration.ofMinutes(1)).until(() -> delivered.keySet().containsAll(committed.keySet()));
        committed.clear();
        long begun = System.nanoTime();
        int written = write(Math.min(CHANGES, PER_SECOND * MEASURED_SECONDS), new Random(seed + 1));
        double seconds = (System.nanoTime() - begun) / 1e9;
        await().atMost(Duration.ofMinutes(1)).until(() -> delivered.keySet().containsAll(committed.keySet()));
        long[] lags = committed.entrySet().stream()
                .mapToLong(each -> (delivered.getOrDefault(each.getKey(), 0L) - each.getValue()) / 1_000_000)
                .map(lag -> Math.max(0, lag))
                .sorted()
                .toArray();
        return Map.of(
                "lag p50 ms",
                lags[lags.length / 2],
                "lag p99 ms",
                lags[lags.length * 99 / 100],
                "lag max ms",
                Arrays.stream(lags).max().orElse(0),
                "changes per second",
                Math.round(written / seconds));
    }

    private void writeWithKills() throws Exception {
        Random random = new Random(seed);
        int left = CHANGES;
        while (left > 0) {
            int some = Math.min(left, CHANGES_PER_KILL / 2 + random.nextInt(CHANGES_PER_KILL));
            ExecutorService killer = Executors.newSingleThreadExecutor();
            Future<?> killing = killer.submit(() -> kill(random));
            write(some, random);
            killing.get();
            killer.shutdown();
            left -= some;
        }
    }

    /** One of them, which begins anew; the other one goes on. */
    private void kill(Random random) {
        ServerProcess one = servers.get(random.nextInt(servers.size()));
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(3_000)).toNanos());
        try {
            one.restart();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kills.incrementAndGet();
        awaitReady(one);
    }

    /** So many, at most {@link #PER_SECOND}; how many were acknowledged. */
    private int write(int changes, Random random) throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<Integer>> done = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Random own = new Random(random.nextLong());
            done.add(writers.submit(() -> writeSome(changes / WRITERS, own)));
        }
        int all = 0;
        for (Future<Integer> each : done) {
            all += each.get();
        }
        writers.shutdown();
        return all;
    }

    private int writeSome(int changes, Random random) {
        int acknowledged = 0;
        long begun = System.nanoTime();
        for (int i = 0; i < changes; i++) {
            long due = begun + i * (1_000_000_000L * WRITERS / PER_SECOND);
            LockSupport.parkNanos(due - System.nanoTime());
            String id = "o" + random.nextInt(RESOURCES);
            String json = "{\"resourceType\":\"Organization\",\"id\":\"" + id + "\",\"name\":\"Name "
                    + random.nextLong() + "\"}";
            if (isWritten(servers.get(random.nextInt(servers.size())), id, json)) {
                acknowledged++;
            }
        }
        return acknowledged;
    }

    /** What a killed server did not answer may be written or not; nobody promised that it is delivered, and others see to it that it is. */
    private boolean isWritten(ServerProcess server, String id, String json) {
        try {
            HttpResponse<String> answer = Http.send(
                    "PUT",
                    server.uri("/fhir/Organization/" + id),
                    json.getBytes(StandardCharsets.UTF_8),
                    "Content-Type",
                    "application/fhir+json");
            if (answer.statusCode() / 100 != 2) {
                return false;
            }
            String version = answer.headers().firstValue("ETag").orElseThrow().replaceAll("\\D", "");
            String key = "Organization/" + id + " " + version;
            committed.put(key, System.nanoTime());
            written.add(key);
            return true;
        } catch (Exception e) {
            return false;
        }
    }
}
