package miroir.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import miroir.simulator.Kind;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Clients that read and search now one server and now another while everything is killed. No answer may be a failure of a server, nothing that
 * one of them reads may be older than what the same one read before, wherever, and a version looks the same to all, always.
 */
final class MirrorReaders {
    private static final int CLIENTS = 3;

    private final List<KillableProcess> servers;
    private final LivingDirectory directory;
    private final Map<String, BsonDocument> seen = new ConcurrentHashMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<Future<?>> running = new ArrayList<>();

    MirrorReaders(List<KillableProcess> servers, LivingDirectory directory, long seed) {
        this.servers = servers;
        this.directory = directory;
        for (int client = 0; client < CLIENTS; client++) {
            Random random = new Random(seed * CLIENTS + client);
            running.add(threads.submit(() -> read(random)));
        }
    }

    private void read(Random random) {
        Map<String, Long> newest = new HashMap<>();
        while (!stopped.get()) {
            try {
                request(random, newest);
            } catch (IOException e) {
                unanswered.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private void request(Random random, Map<String, Long> newest) throws IOException, InterruptedException {
        String any = directory.any(random);
        String type = LivingDirectory.KINDS
                .get(random.nextInt(LivingDirectory.KINDS.size()))
                .type();
        switch (random.nextInt(6)) {
            case 0 -> observeAll(get(type + "?_count=20&_lastUpdated=ge2020-01-01"));
            case 1 -> observeAll(get(type + "?active=" + random.nextBoolean() + "&_count=20"));
            case 2 -> observeAll(get(any + "/_history"));
            case 3 -> readAgain(random);
            default -> {
                BsonDocument resource = get(any);
                if (resource.containsKey("id")) {
                    long version = observe(resource);
                    assertThat(version)
                            .as("version of %s, after an earlier answer", any)
                            .isGreaterThanOrEqualTo(newest.getOrDefault(any, 0L));
                    newest.put(any, version);
                }
            }
        }
    }

    /** The body; empty where there is nothing under the address, or the server cannot answer now. */
    private BsonDocument get(String address) throws IOException, InterruptedException {
        HttpResponse<String> answer = anyServer().get("/fhir/" + address);
        int status = answer.statusCode();
        // Of what has another id now it is said where it is.
        assertThat(status).as("%s: %s", address, answer.body()).isIn(200, 301, 404, 410, 503);
        (status == 503 ? refused : answered).incrementAndGet();
        return status == 200 ? BsonDocument.parse(answer.body()) : new BsonDocument();
    }

    private KillableProcess anyServer() {
        return servers.get(ThreadLocalRandom.current().nextInt(servers.size()));
    }

    private void observeAll(BsonDocument bundle) {
        for (BsonValue entry : bundle.getArray("entry", new BsonArray())) {
            BsonDocument resource = entry.asDocument().getDocument("resource", new BsonDocument());
            // What is said of a search beside its matches has no id.
            if (resource.containsKey("id")) {
                observe(resource);
            }
        }
    }

    private long observe(BsonDocument resource) {
        String version = resource.getDocument("meta").getString("versionId").getValue();
        String name = resource.getString("resourceType").getValue() + "/"
                + resource.getString("id").getValue() + "/_history/" + version;
        BsonDocument before = seen.putIfAbsent(name, resource);
        assertThat(before == null ? resource : before).as(name).isEqualTo(resource);
        return Long.parseLong(version);
    }

    /** What anybody has seen can be read for ever. */
    private void readAgain(Random random) throws IOException, InterruptedException {
        List<String> names = seen.keySet().stream()
                .skip(seen.isEmpty() ? 0 : random.nextInt(seen.size()))
                .limit(1)
                .toList();
        for (String name : names) {
            HttpResponse<String> answer = anyServer().get("/fhir/" + name);
            assertThat(answer.statusCode()).as(name + ": " + answer.body()).isIn(200, 503);
            if (answer.statusCode() == 200) {
                observe(BsonDocument.parse(answer.body()));
            }
        }
    }

    /** Requests that were answered, though not those that were refused. */
    long answered() {
        return answered.get();
    }

    /** Those that were refused with 503, since the database was away. */
    long refused() {
        return refused.get();
    }

    /** Those without an answer, since the server was killed. */
    long unanswered() {
        return unanswered.get();
    }

    /** Whether one was answered wrongly, and has ended. */
    boolean hasFailed() {
        return running.stream().anyMatch(Future::isDone);
    }

    /** Ends them; fails where one was answered wrongly. */
    void stop() throws Exception {
        stopped.set(true);
        threads.shutdown();
        for (Future<?> client : running) {
            client.get(120, TimeUnit.SECONDS);
        }
    }

    /** Everything that was seen is there, and is what was seen. */
    void check(String run, Kind kind, Map<String, BsonDocument> versions) {
        String type = kind.type() + "/";
        seen.forEach((name, resource) -> {
            if (name.startsWith(type)) {
                BsonDocument stored = versions.getOrDefault(name.substring(type.length()), new BsonDocument());
                assertThat(stored).as("%s: %s", run, name).isNotEmpty();
                assertThat(BsonDocument.parse(LivingDirectory.json(stored)))
                        .as("%s: %s", run, name)
                        .isEqualTo(resource);
            }
        });
    }
}
