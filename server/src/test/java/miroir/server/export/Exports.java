package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** What tests of exports ask. */
final class Exports {
    static final Duration LEASE = Duration.ofSeconds(1);

    private Exports() {}

    static TestServer server(String yaml, TestDatabase database) throws Exception {
        return TestServer.exporting(yaml, database, TestServer.REGISTRY.types(), LEASE);
    }

    /** The address of an export that was asked for. */
    static String begin(TestServer server, String query, String token) throws Exception {
        HttpResponse<String> answer = asked(server, query, token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return answer.headers().firstValue("Content-Location").orElseThrow();
    }

    static HttpResponse<String> asked(TestServer server, String query, String token) throws Exception {
        return Http.send(
                "GET",
                server.uri("/fhir/$export" + query),
                "Authorization",
                "Bearer " + token,
                "Prefer",
                "respond-async");
    }

    static HttpResponse<String> get(String url, String token) throws Exception {
        return Http.send("GET", URI.create(url), "Authorization", "Bearer " + token);
    }

    /** What it has, once it is complete. */
    static Document complete(String address, String token) {
        AtomicReference<@Nullable Document> manifest = new AtomicReference<>();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    HttpResponse<String> status = get(address, token);
                    if (status.statusCode() == 202) {
                        assertThat(status.headers().firstValue("X-Progress")).isPresent();
                        assertThat(status.headers().firstValue("Retry-After")).isPresent();
                        return false;
                    }
                    assertThat(status.statusCode()).as(status.body()).isEqualTo(200);
                    manifest.set(Document.parse(status.body()));
                    return true;
                });
        return Objects.requireNonNull(manifest.get());
    }

    /** The lines of a file. */
    static List<Document> lines(String url, String token) throws Exception {
        HttpResponse<String> file = get(url, token);
        assertThat(file.statusCode()).as(file.body()).isEqualTo(200);
        assertThat(file.body()).endsWith("\n");
        return file.body().lines().map(Document::parse).toList();
    }

    /** Which version of which resource is there; none twice, and as many as are counted. */
    static Map<String, Long> resources(Document manifest, String token) throws Exception {
        Map<String, Long> versions = new TreeMap<>();
        for (Document file : manifest.getList("output", Document.class)) {
            List<Document> lines = lines(file.getString("url"), token);
            if (file.containsKey("count")) {
                assertThat(lines).as(file.getString("url")).hasSize(file.getInteger("count"));
            }
            for (Document resource : lines) {
                assertThat(resource.getString("resourceType")).isEqualTo(file.getString("type"));
                String key = file.getString("type") + "/" + resource.getString("id");
                assertThat(versions.put(key, version(resource)))
                        .as("twice: %s", key)
                        .isNull();
            }
        }
        return versions;
    }

    private static long version(Document resource) {
        return Long.parseLong(resource.get("meta", Document.class).getString("versionId"));
    }

    /** What was there at an instant, as histories say. */
    static Map<String, Long> asAt(TestServer server, String type, String instant) throws Exception {
        Map<String, Long> versions = new TreeMap<>();
        String next = server.base() + "/" + type + "/_history?_count=1000&_at=" + instant;
        while (next != null) {
            Document page = Document.parse(get(next, TestServer.TOKEN).body());
            for (Document entry : page.getList("entry", Document.class, List.of())) {
                Document resource = entry.get("resource", Document.class);
                if (resource != null) {
                    versions.put(type + "/" + resource.getString("id"), version(resource));
                }
            }
            next = page.getList("link", Document.class).stream()
                    .filter(link -> link.getString("relation").equals("next"))
                    .map(link -> link.getString("url"))
                    .findFirst()
                    .orElse(null);
        }
        return versions;
    }

    static int total(TestServer server, String type) throws Exception {
        return Document.parse(get(server.base() + "/" + type + "?_total=accurate&_count=0", TestServer.TOKEN)
                        .body())
                .getInteger("total");
    }

    static void put(TestServer server, String type, String id, String content) throws Exception {
        HttpResponse<String> answer = Http.write(
                "PUT",
                server.uri("/fhir/" + type + "/" + id),
                "{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\"," + content + "}");
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    }

    static void delete(TestServer server, String path) throws Exception {
        assertThat(Http.write("DELETE", server.uri("/fhir/" + path), "").statusCode())
                .isIn(200, 204);
    }

    /** Writes or deletes one. */
    static void change(TestServer server, String type, String id, Random random) throws Exception {
        if (random.nextInt(4) == 0) {
            delete(server, type + "/" + id);
        } else {
            put(server, type, id, "\"comment\":\"" + random.nextInt() + "\"");
        }
    }
}
