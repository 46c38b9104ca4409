package miroir.server.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import miroir.server.Http;
import miroir.storage.testing.VersionChains;
import org.jspecify.annotations.Nullable;

/**
 * Sixteen clients that write the same twenty resources through two servers, whatever happens to these, and remember what
 * they were told: a version that was acknowledged must be there for ever.
 */
final class KilledWriters {
    static final String TYPE = "Practitioner";
    private static final int CLIENTS = 16;
    private static final int IDS = 20;

    private final List<KillableServer> servers;
    private final long seed;
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private volatile boolean stopped;

    /** A version that a client was told of; {@code text} is null for a deletion. */
    private record Acknowledged(
            String id, long version, @Nullable String text) {}

    KilledWriters(List<KillableServer> servers, long seed) {
        this.servers = List.copyOf(servers);
        this.seed = seed;
    }

    void start() {
        for (int client = 0; client < CLIENTS; client++) {
            Random random = new Random(seed * CLIENTS + client);
            KillableServer server = servers.get(client % servers.size());
            clients.execute(() -> writeOn(server, random));
        }
    }

    /** Ends the clients, each after the request that it waits for. */
    void stop() throws InterruptedException {
        stopped = true;
        clients.shutdown();
        assertThat(clients.awaitTermination(120, TimeUnit.SECONDS))
                .as("clients end")
                .isTrue();
    }

    long acknowledgements() {
        return acknowledged.size();
    }

    /** How many requests had no answer, since their server was killed. */
    long broken() {
        return broken.get();
    }

    /** How many were refused with 503, since the database was away. */
    long refused() {
        return refused.get();
    }

    void check(String run, VersionChains chains) {
        assertThat(wrong).as(run).isEmpty();
        acknowledged.forEach(each -> chains.checkKept(run, each.id(), each.version(), each.text()));
    }

    private void writeOn(KillableServer server, Random random) {
        while (!stopped) {
            try {
                write(server, random);
                pause();
            } catch (IOException e) {
                broken.incrementAndGet();
                pause();
            } catch (Exception | AssertionError e) {
                wrong.add(e);
                return;
            }
        }
    }

    private void write(KillableServer server, Random random) throws Exception {
        String id = "p" + random.nextInt(IDS);
        if (random.nextInt(5) == 0) {
            remember(id, null, Http.send("DELETE", server.uri("/fhir/" + TYPE + "/" + id)));
        } else {
            put(server, id, Long.toHexString(random.nextLong()), random.nextInt(3) == 0);
        }
    }

    private void put(KillableServer server, String id, String text, boolean onlyIfSeen) throws Exception {
        List<String> headers = new ArrayList<>(List.of("Content-Type", "application/fhir+json"));
        if (onlyIfSeen) {
            HttpResponse<String> seen = Http.send("GET", server.uri("/fhir/" + TYPE + "/" + id));
            seen.headers()
                    .firstValue("ETag")
                    .filter(tag -> seen.statusCode() == 200)
                    .ifPresent(tag -> {
                        headers.add("If-Match");
                        headers.add(tag);
                    });
        }
        String json = "{\"resourceType\": \"" + TYPE + "\", \"id\": \"" + id + "\", \"name\": [{\"family\": \"" + text
                + "\"}]}";
        remember(
                id,
                text,
                Http.send(
                        "PUT",
                        server.uri("/fhir/" + TYPE + "/" + id),
                        json.getBytes(StandardCharsets.UTF_8),
                        headers.toArray(new String[0])));
    }

    private void remember(String id, @Nullable String text, HttpResponse<String> answer) {
        int status = answer.statusCode();
        if (status == 503) {
            refused.incrementAndGet();
            pause();
        } else if (status == 200 || status == 201 || status == 204) {
            answer.headers()
                    .firstValue("ETag")
                    .ifPresent(tag ->
                            acknowledged.add(new Acknowledged(id, Long.parseLong(tag.replaceAll("\\D", "")), text)));
        } else if (status != 404 && status != 412 && status != 409) {
            throw new AssertionError(id + " was answered with " + status + ": " + answer.body());
        }
    }

    /** Leaves something of the machine to those that start again. */
    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
}
