package miroir.server.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import miroir.server.Http;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * One client of a server that may be killed at any moment. It puts and deletes what all clients share, with and without
 * {@code If-Match}, creates under ids of the server's choice, with a client of another server what may be there only once, erases,
 * writes several at once in transactions and batches, and reads again what anybody was told to be written.
 */
final class KilledClient implements Runnable {
    static final String TYPE = "Practitioner";
    private static final int SHARED = 20;

    private final List<KillableServer> servers;
    private final KillableServer server;
    private final Random random;
    private final Together together;
    private final Once once;
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean amidTransaction;

    /** What the clients of one run have in common. */
    record Together(
            String run,
            Promises promises,
            AtomicBoolean stopped,
            AtomicInteger erasable,
            AtomicLong transactions,
            AtomicLong unanswered,
            AtomicLong refused) {
        Together(String run) {
            this(
                    run,
                    new Promises(),
                    new AtomicBoolean(),
                    new AtomicInteger(),
                    new AtomicLong(),
                    new AtomicLong(),
                    new AtomicLong());
        }

        /** The one that everybody writes until somebody erases it. */
        String erasableId() {
            return "erasable-" + run.replaceAll("\\W", "-") + "-" + erasable.get();
        }
    }

    /** Things of which there may be one only: under which name, and how many are known to be there. */
    record Once(String name, AtomicInteger made) {}

    /**
     * Writes on one of the servers, and reads from all.
     *
     * @param once what it has in common with a client of another server
     */
    KilledClient(List<KillableServer> servers, KillableServer server, Random random, Together together, Once once) {
        this.servers = servers;
        this.server = server;
        this.random = random;
        this.together = together;
        this.once = once;
    }

    /** How many writes it was told to be done. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Whether it has sent a transaction and has no answer yet. */
    boolean isAmidTransaction() {
        return amidTransaction;
    }

    @Override
    public void run() {
        while (!together.stopped().get()) {
            try {
                request();
            } catch (IOException e) {
                together.unanswered().incrementAndGet();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            pause();
        }
    }

    private void request() throws Exception {
        String text = Long.toHexString(random.nextLong());
        String shared = "p" + random.nextInt(SHARED);
        switch (random.nextInt(26)) {
            case 0, 1, 2 -> delete(shared);
            case 3, 4, 5, 6 -> put(shared, text);
            case 7, 8, 9 -> putIfMatch(shared, text);
            case 10, 11, 12 -> create(text);
            case 13, 14 -> put(together.erasableId(), text);
            case 15 -> eraseSometimes(together.erasableId());
            case 16, 17 -> createOnce();
            case 18, 19, 20 -> transaction(text);
            case 21 -> readTogether();
            case 22, 23 -> batch(text);
            default -> readAgain();
        }
    }

    private void delete(String id) throws Exception {
        version(Http.send("DELETE", uri(server, id)), 204, 409).ifPresent(version -> acknowledge(id, version, null));
    }

    private void put(String id, String text) throws Exception {
        version(write("PUT", uri(server, id), id, text), 200, 201, 409)
                .ifPresent(version -> acknowledge(id, version, text));
    }

    /** What {@code If-Match} promises is that the version after the one seen is this one, and nobody else's. */
    private void putIfMatch(String id, String text) throws Exception {
        HttpResponse<String> seen = Http.send("GET", uri(server, id));
        Optional<Long> before = version(seen, 200, 404, 410);
        if (seen.statusCode() == 200 && before.isPresent()) {
            long expected = before.get() + 1;
            version(write("PUT", uri(server, id), id, text, "If-Match", "W/\"" + before.get() + '"'), 200, 409, 412)
                    .ifPresent(version -> {
                        assertThat(version)
                                .as("version of %s after If-Match", id)
                                .isEqualTo(expected);
                        acknowledge(id, version, text);
                    });
        }
    }

    private void create(String text) throws Exception {
        HttpResponse<String> created = write("POST", server.uri("/fhir/" + TYPE), "mine", text);
        version(created, 201).ifPresent(version -> {
            assertThat(version).as("version of what was created").isEqualTo(1);
            acknowledge(createdId(created), version, text);
        });
    }

    /** Whatever was killed: it is created or found, and there are never two, which would be 412. */
    private void createOnce() throws Exception {
        int number = once.made().get();
        String name = once.name() + " " + together.run() + " " + number;
        String criteria = "family:exact=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        HttpResponse<String> answer =
                write("POST", server.uri("/fhir/" + TYPE), "mine", name, "If-None-Exist", criteria);
        version(answer, 200, 201).ifPresent(version -> {
            assertThat(version).as("version of what is there once").isEqualTo(1);
            acknowledge(createdId(answer), version, name);
        });
        if (answer.statusCode() == 200) {
            once.made().compareAndSet(number, number + 1);
        }
    }

    private static String createdId(HttpResponse<String> answer) {
        return createdId(answer.headers().firstValue("Location").orElseThrow());
    }

    private static String createdId(String location) {
        String[] path = location.split("/", -1);
        return path[path.length - 3];
    }

    /** All entries are acknowledged, or none is. */
    private void transaction(String text) throws Exception {
        Group group = Group.any(together.run(), random);
        boolean deletes = random.nextInt(6) == 0;
        HttpResponse<String> answer = sendTransaction(deletes ? group.deleting() : group.writing(text));
        if (!isAnswered(answer, 200, 409) || answer.statusCode() != 200) {
            return;
        }
        List<Document> responses = Group.responses(answer.body());
        if (deletes && responses.stream().allMatch(response -> response.getString("etag") == null)) {
            // None of them ever was.
            return;
        }
        long version = version(responses.get(0));
        for (int i = 0; i < group.members().size(); i++) {
            assertThat(version(responses.get(i))).as(answer.body()).isEqualTo(version);
            acknowledge(group.members().get(i), version, deletes ? null : text);
        }
        if (!deletes) {
            String location = responses.get(responses.size() - 1).getString("location");
            acknowledge(createdId(location), 1, group.made(text));
        }
        together.transactions().incrementAndGet();
    }

    /** Each entry for itself: what is new, what all clients share, and one that may be erased or be erased meanwhile. */
    private void batch(String text) throws Exception {
        List<String> ids = new ArrayList<>(List.of(together.erasableId(), "batch-" + text));
        random.ints(0, SHARED)
                .distinct()
                .limit(4)
                .mapToObj(number -> "p" + number)
                .forEach(ids::add);
        String entries = ids.stream()
                .map(id -> "{\"request\": {\"method\": \"PUT\", \"url\": \"" + TYPE + "/" + id + "\"}, \"resource\": "
                        + json(id, text) + "}")
                .collect(Collectors.joining(", "));
        byte[] body = ("{\"resourceType\": \"Bundle\", \"type\": \"batch\", \"entry\": [" + entries + "]}")
                .getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> answer =
                Http.send("POST", server.uri("/fhir"), body, "Content-Type", "application/fhir+json");
        if (!isAnswered(answer, 200)) {
            return;
        }
        List<Document> responses = Group.responses(answer.body());
        for (int i = 0; i < ids.size(); i++) {
            String status = responses.get(i).getString("status").substring(0, 3);
            assertThat(status).as(answer.body()).isIn("200", "201", "409", "503");
            if (status.startsWith("2")) {
                acknowledge(ids.get(i), version(responses.get(i)), text);
            }
        }
    }

    private HttpResponse<String> sendTransaction(String bundle) throws Exception {
        amidTransaction = true;
        try {
            byte[] body = bundle.getBytes(StandardCharsets.UTF_8);
            return Http.send("POST", server.uri("/fhir"), body, "Content-Type", "application/fhir+json");
        } finally {
            amidTransaction = false;
        }
    }

    private static long version(Document response) {
        return Long.parseLong(response.getString("etag").replaceAll("\\D", ""));
    }

    /** As at one instant, whatever is written meanwhile, nobody sees half of a transaction. */
    private void readTogether() throws Exception {
        Group group = Group.any(together.run(), random);
        KillableServer asked = servers.get(random.nextInt(servers.size()));
        HttpResponse<String> page = Http.send(
                "GET",
                asked.uri("/fhir/" + TYPE + "?_lastUpdated=ge2000-01-01&_id=" + String.join(",", group.members())));
        if (isAnswered(page, 200)) {
            group.checkShown(page.body());
        }
    }

    private void eraseSometimes(String id) throws Exception {
        if (random.nextInt(3) > 0) {
            return;
        }
        together.promises().erasing(id);
        HttpResponse<String> answer = Http.send("POST", URI.create(uri(server, id) + "/$erase"));
        version(answer, 200, 404, 409).ifPresent(version -> {
            together.promises().erased(id, version);
            acknowledged.incrementAndGet();
        });
        if (answer.statusCode() == 200) {
            together.erasable().incrementAndGet();
        }
    }

    /** What was acknowledged can be read, on every server, at once and for ever. */
    private void readAgain() throws Exception {
        Optional<Promises.Acknowledged> any = together.promises().any(random);
        if (any.isEmpty()) {
            return;
        }
        Promises.Acknowledged told = any.get();
        boolean erased = together.promises().isErased(told.id());
        KillableServer asked = servers.get(random.nextInt(servers.size()));
        HttpResponse<String> read = Http.send("GET", uri(asked, told.id() + "/_history/" + told.version()));
        boolean mayBeGone = told.text() == null || together.promises().mayBeErased(told.id());
        if (read.statusCode() == 200 && told.text() != null && !erased) {
            assertThat(read.body()).as("%s", told).contains(told.text());
        } else if (read.statusCode() != 503 && !(read.statusCode() == 410 && mayBeGone)) {
            throw new AssertionError(told + " was read with " + read.statusCode() + ": " + read.body());
        }
    }

    private void acknowledge(String id, long version, @Nullable String text) {
        together.promises().acknowledged(id, version, text);
        acknowledged.incrementAndGet();
    }

    /** The version that a successful answer names; other answers than these and 503 are wrong. */
    private Optional<Long> version(HttpResponse<String> answer, Integer... expected) {
        if (!isAnswered(answer, expected)) {
            return Optional.empty();
        }
        return answer.headers()
                .firstValue("ETag")
                .filter(tag -> answer.statusCode() < 300)
                .map(tag -> Long.valueOf(tag.replaceAll("\\D", "")));
    }

    /** False where the database was away, which is 503; other statuses than that and these are wrong. */
    private boolean isAnswered(HttpResponse<String> answer, Integer... expected) {
        if (answer.statusCode() == 503) {
            together.refused().incrementAndGet();
            pause();
            return false;
        }
        assertThat(answer.statusCode())
                .as("%s: %s", answer.uri(), answer.body())
                .isIn((Object[]) expected);
        return true;
    }

    private static HttpResponse<String> write(String method, URI uri, String id, String text, String... headers)
            throws Exception {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Content-Type";
        all[1] = "application/fhir+json";
        return Http.send(method, uri, json(id, text).getBytes(StandardCharsets.UTF_8), all);
    }

    private static String json(String id, String text) {
        return "{\"resourceType\": \"" + TYPE + "\", \"id\": \"" + id + "\", \"name\": [{\"family\": \"" + text
                + "\"}]}";
    }

    private static URI uri(KillableServer server, String rest) {
        return server.uri("/fhir/" + TYPE + "/" + rest);
    }

    /** Leaves something of the machine to those that start again. */
    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
}
