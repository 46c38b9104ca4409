package miroir.server.following;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.server.Http;
import miroir.server.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * A client that writes resources of several types. Most are new, so that each can be missed by itself; others change, delete
 * or bring back what it wrote before, or what all writers share.
 */
final class FollowedWriter implements Callable<Void> {
    private static final int SHARED = 20;

    private final ServerProcess server;
    private final List<String> types;
    private final String name;
    private final int writes;
    private final Random random;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final List<String> own = new ArrayList<>();
    private final AtomicInteger done = new AtomicInteger();

    /** A version that it was told of; {@code text} is null for a deletion. */
    record Acknowledged(
            String type, String id, long version, @Nullable String text) {}

    FollowedWriter(ServerProcess server, List<String> types, String name, int writes, Random random) {
        this.server = server;
        this.types = types;
        this.name = name;
        this.writes = writes;
        this.random = random;
        this.own.add(types.get(0) + '/' + name);
    }

    /** How many writes it has behind it. */
    int done() {
        return done.get();
    }

    /** What it was told, once it has ended. */
    List<Acknowledged> acknowledged() {
        return acknowledged;
    }

    @Override
    public Void call() throws Exception {
        for (int i = 0; i < writes; i++) {
            try {
                write(name + '-' + i);
            } catch (IOException e) {
                // Nobody knows whether that was written.
            }
            done.incrementAndGet();
        }
        return null;
    }

    private void write(String id) throws Exception {
        String type = types.get(random.nextInt(types.size()));
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> {
                put(type + '/' + id);
                own.add(type + '/' + id);
            }
            case 4, 5 -> post(type);
            case 6, 7 -> put(type + "/shared-" + random.nextInt(SHARED));
            case 8 -> put(own.get(random.nextInt(own.size())));
            default -> delete(own.get(random.nextInt(own.size())));
        }
    }

    private void put(String reference) throws Exception {
        String text = text();
        String[] parts = reference.split("/", -1);
        HttpResponse<String> answer = send("PUT", reference, resource(parts[0], parts[1], text));
        remember(answer, parts[0], parts[1], text);
    }

    private void post(String type) throws Exception {
        String text = text();
        HttpResponse<String> answer = send("POST", type, resource(type, "mine", text));
        if (answer.statusCode() == 201) {
            String[] location =
                    answer.headers().firstValue("Location").orElseThrow().split("/", -1);
            remember(answer, type, location[location.length - 3], text);
        }
    }

    private void delete(String reference) throws Exception {
        String[] parts = reference.split("/", -1);
        remember(Http.send("DELETE", server.uri("/fhir/" + reference)), parts[0], parts[1], null);
    }

    private HttpResponse<String> send(String method, String path, String json) throws Exception {
        return Http.send(
                method,
                server.uri("/fhir/" + path),
                json.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+json");
    }

    private void remember(HttpResponse<String> answer, String type, String id, @Nullable String text) {
        int status = answer.statusCode();
        assertThat(status).as(answer.body()).isIn(200, 201, 204, 409, 503);
        Optional<String> etag = answer.headers().firstValue("ETag");
        // What never was has no version that its deletion could make.
        if (status < 300 && (status != 204 || etag.isPresent())) {
            String tag = etag.orElseThrow();
            acknowledged.add(new Acknowledged(type, id, Long.parseLong(tag.replaceAll("\\D", "")), text));
        }
    }

    private String text() {
        return Long.toHexString(random.nextLong());
    }

    private static String resource(String type, String id, String text) {
        return "{\"resourceType\": \"" + type + "\", \"id\": \"" + id
                + "\", \"identifier\": [{\"system\": \"http://example.org/followed\", \"value\": \"" + text + "\"}]}";
    }
}
