package miroir.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import miroir.benchmarks.HttpConnection;

/**
 * One client with one connection that reads, searches and writes, each request as soon as it has the answer to the one before. It has a resource of its own, of which it knows
 * what was acknowledged last.
 */
final class MixedClient {
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final int number;
    private final int port;
    private final List<String> ids;
    private final SplittableRandom random;
    private final Answers answers;
    private int written;
    private int acknowledged;

    MixedClient(int number, int port, List<String> ids, long seed, Answers answers) {
        this.number = number;
        this.port = port;
        this.ids = List.copyOf(ids);
        this.random = new SplittableRandom(seed + number);
        this.answers = answers;
    }

    /** The id of its own resource. */
    String id() {
        return "mixed-" + number;
    }

    /** The name that its resource had when a write was acknowledged last; nothing was yet: 0. */
    int acknowledged() {
        return acknowledged;
    }

    /** Until it is told to stop. A connection that breaks off within an answer is an error, and followed by another one. */
    void run(BooleanSupplier stopped) {
        while (!stopped.getAsBoolean()) {
            try (HttpConnection connection = new HttpConnection(port)) {
                while (!stopped.getAsBoolean()) {
                    ask(connection);
                }
            } catch (IOException e) {
                answers.broken(e);
            }
        }
    }

    private void ask(HttpConnection connection) throws IOException {
        int kind = random.nextInt(100);
        long began = System.nanoTime();
        if (kind < 10) {
            write(connection, began);
            return;
        }
        int status = connection.get(kind < 65 ? read() : search(kind));
        add(kind < 65 ? "read" : "search", status, connection, began);
    }

    private void write(HttpConnection connection, long began) throws IOException {
        int next = ++written;
        byte[] body = ("{\"resourceType\":\"Practitioner\",\"id\":\"" + id()
                        + "\",\"active\":true,\"name\":[{\"family\":\"Dupont\",\"given\":[\"n" + next + "\"]}]}")
                .getBytes(StandardCharsets.UTF_8);
        int status = connection.send("PUT", "/fhir/Practitioner/" + id(), "application/fhir+json", body);
        if (status == OK || status == CREATED) {
            acknowledged = next;
        }
        add("write", status == CREATED ? OK : status, connection, began);
    }

    private void add(String kind, int status, HttpConnection connection, long began) {
        answers.add(kind, status, OK, System.nanoTime() - began);
        if (status != OK && !connection.saysWhenToRetry()) {
            answers.unannounced(status);
        }
    }

    private String read() {
        return "/fhir/Practitioner/" + ids.get(random.nextInt(ids.size()));
    }

    private String search(int kind) {
        if (kind < 75) {
            return "/fhir/Practitioner?_id=" + ids.get(random.nextInt(ids.size()));
        }
        char letter = (char) ('a' + random.nextInt(26));
        return kind < 90
                ? "/fhir/Practitioner?family=" + letter + "a&_count=10"
                : "/fhir/Practitioner?active=true&_count=50";
    }
}
