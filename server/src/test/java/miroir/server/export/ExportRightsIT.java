package miroir.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whose an export is, what of the store is in it for whom, and how many there may be. */
@ExtendWith(MongoExtension.class)
final class ExportRightsIT {
    private static TestServer server;

    @BeforeAll
    static void start(TestDatabase database) throws Exception {
        server = Exports.server("access: {mode: token}\nexport: {perConsumer: 3, maximum: 40}", database);
        admin("PUT", "roles/lyon", "{\"permissions\":[\"READ, SEARCH on Organization?address-city=Lyon\"]}");
        admin("PUT", "roles/paris", "{\"permissions\":[\"READ, SEARCH on Organization?address-city=Paris\"]}");
        for (String city : List.of("Lyon", "Paris")) {
            Exports.put(server, "Organization", "in-" + city, "\"address\":[{\"city\":\"" + city + "\"}]");
        }
        Exports.put(server, "Practitioner", "p", "\"active\":true");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String consumer(String name, String role) throws Exception {
        admin("PUT", "consumers/" + name, "{\"roles\":[\"" + role + "\"]}");
        return admin("POST", "consumers/" + name + "/tokens", "{\"label\":\"test\"}")
                .getString("token");
    }

    private static void replace(String path, String json) throws Exception {
        HttpResponse<String> known =
                Exports.get(server.uri("/admin/api/" + path).toString(), TestServer.TOKEN);
        admin("PUT", path, json, "If-Match", known.headers().firstValue("ETag").orElseThrow());
    }

    private static Document admin(String method, String path, String json, String... headers) throws Exception {
        List<String> all = new ArrayList<>(
                List.of("Authorization", "Bearer " + TestServer.TOKEN, "Content-Type", "application/json"));
        all.addAll(List.of(headers));
        HttpResponse<String> answer = Http.send(
                method,
                server.uri("/admin/api/" + path),
                json.getBytes(StandardCharsets.UTF_8),
                all.toArray(String[]::new));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return answer.body().isEmpty() ? new Document() : Document.parse(answer.body());
    }

    private static int status(String method, String url, String token) throws Exception {
        return Http.send(method, URI.create(url), "Authorization", "Bearer " + token)
                .statusCode();
    }

    private static String file(Document manifest) {
        return manifest.getList("output", Document.class).get(0).getString("url");
    }

    @Test
    void export_isOfWhoAsked_andAdministrators() throws Exception {
        String mine = consumer("mine", "reader");
        String others = consumer("others", "reader");
        String address = Exports.begin(server, "?_type=Organization", mine);
        Document manifest = Exports.complete(address, mine);

        assertThat(manifest.getBoolean("requiresAccessToken")).isTrue();
        for (String url : List.of(address, file(manifest))) {
            assertThat(status("GET", url, others)).isEqualTo(404);
            assertThat(Http.send("GET", URI.create(url)).statusCode()).isEqualTo(401);
            assertThat(status("GET", url, TestServer.TOKEN)).isEqualTo(200);
        }
        assertThat(status("DELETE", address, others)).isEqualTo(404);
        assertThat(status("GET", address, mine)).isEqualTo(200);
        assertThat(status("DELETE", address, TestServer.TOKEN)).isEqualTo(202);
        assertThat(status("GET", address, mine)).isEqualTo(404);
    }

    /** The name is no address: where reading takes no token, whoever has that has the export. */
    @Test
    void administrators_seeAllOfThem_andEndThem() throws Exception {
        String token = consumer("listed", "reader");
        String address = Exports.begin(server, "?_type=Practitioner", token);
        Document manifest = Exports.complete(address, token);
        String id = address.substring(address.lastIndexOf('/') + 1);
        String name = id.substring(0, 12);

        HttpResponse<String> answer =
                Exports.get(server.uri("/admin/api/exports").toString(), TestServer.TOKEN);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain(id);
        Document listed = Document.parse(answer.body()).getList("exports", Document.class).stream()
                .filter(each -> each.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(listed)
                .containsEntry("who", "consumer/listed")
                .containsEntry("by", "consumer/listed")
                .containsEntry("request", server.base() + "/$export?_type=Practitioner")
                .containsEntry("state", "complete")
                .containsEntry("held", false)
                .containsEntry("asOf", manifest.getString("transactionTime"))
                .containsEntry("typesDone", 1)
                .containsEntry("types", 1)
                .containsEntry("failure", "");
        assertThat(String.valueOf(listed.get("files"))).isEqualTo("1");
        assertThat(String.valueOf(listed.get("resources"))).isEqualTo("1");
        assertThat(status("GET", server.uri("/admin/api/exports").toString(), token))
                .isEqualTo(403);

        String one = server.uri("/admin/api/exports/" + name).toString();
        assertThat(status("DELETE", one, token)).isEqualTo(403);
        assertThat(status("GET", file(manifest), token)).isEqualTo(200);
        assertThat(status("DELETE", one, TestServer.TOKEN)).isBetween(200, 299);
        assertThat(status("GET", file(manifest), token)).isEqualTo(404);
        assertThat(status("DELETE", one, TestServer.TOKEN)).isEqualTo(404);
        assertThat(status("DELETE", server.uri("/admin/api/exports/0").toString(), TestServer.TOKEN))
                .isEqualTo(404);
    }

    /** What is sent, and what is not, is counted. */
    @Test
    void metrics_haveWhatWasSent_andWhatWasNot() throws Exception {
        String token = consumer("measured", "lyon");
        Document manifest = Exports.complete(Exports.begin(server, "", token), token);
        double files = metric("miroir_exports_files_sent_total");
        double resources = metric("miroir_exports_resources_sent_total");
        double bytes = metric("miroir_exports_bytes_sent_total");
        String failure = "miroir_exports_failures_total{of=\"file\",reason=\"forbidden\"}";
        double failures = metric(failure);

        String file = Exports.get(file(manifest), token).body();

        assertThat(metric("miroir_exports_files_sent_total")).isGreaterThan(files);
        assertThat(metric("miroir_exports_resources_sent_total"))
                .isGreaterThanOrEqualTo(resources + file.lines().count());
        assertThat(metric("miroir_exports_bytes_sent_total")).isGreaterThanOrEqualTo(bytes + file.length());
        replace("consumers/measured", "{\"roles\":[\"paris\"]}");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(status("GET", file(manifest), token)).isEqualTo(403));
        assertThat(metric(failure)).isGreaterThan(failures);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(metric("miroir_exports{state=\"complete\"}")).isPositive());
    }

    private static double metric(String name) throws Exception {
        return Exports.get(server.uri("/metrics").toString(), TestServer.TOKEN)
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoSeesSome_hasThose_andNoDeletions() throws Exception {
        String lyon = consumer("lyon", "lyon");
        String since = Exports.complete(Exports.begin(server, "", lyon), lyon).getString("transactionTime");
        Exports.put(server, "Organization", "gone", "\"address\":[{\"city\":\"Lyon\"}]");
        Exports.delete(server, "Organization/gone");
        Exports.put(server, "Organization", "new", "\"address\":[{\"city\":\"Lyon\"}]");

        Document all = Exports.complete(Exports.begin(server, "", lyon), lyon);
        assertThat(Exports.resources(all, lyon)).containsOnlyKeys("Organization/in-Lyon", "Organization/new");
        assertThat(Exports.resources(all, TestServer.TOKEN))
                .containsOnlyKeys("Organization/in-Lyon", "Organization/new");
        Document changed = Exports.complete(Exports.begin(server, "?_since=" + since, lyon), lyon);
        assertThat(Exports.resources(changed, lyon)).containsOnlyKeys("Organization/new");
        assertThat(changed.getList("deleted", Document.class)).isEmpty();
        Exports.delete(server, "Organization/new");
    }

    @Test
    void typeThatMayNotBeSearched_isRefused_andLeftOutWhereItIsNotNamed() throws Exception {
        String token = consumer("curious", "lyon");

        assertThat(Exports.asked(server, "?_type=Practitioner", token).statusCode())
                .isEqualTo(403);
        Document manifest = Exports.complete(Exports.begin(server, "", token), token);
        assertThat(manifest.getList("output", Document.class))
                .extracting(file -> file.getString("type"))
                .containsOnly("Organization");
    }

    @Test
    void whoLosesARight_losesTheFiles() throws Exception {
        String token = consumer("moving", "lyon");
        Document manifest = Exports.complete(Exports.begin(server, "", token), token);
        assertThat(status("GET", file(manifest), token)).isEqualTo(200);

        replace("consumers/moving", "{\"roles\":[\"paris\"]}");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(status("GET", file(manifest), token)).isEqualTo(403));

        replace("consumers/moving", "{\"roles\":[\"reader\"]}");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(status("GET", file(manifest), token)).isEqualTo(200));
        assertThat(Exports.resources(manifest, token).keySet())
                .contains("Organization/in-Lyon")
                .doesNotContain("Organization/in-Paris");
    }

    /** What is superseded is held against what he sees by now. */
    @Test
    void whoSeesSome_hasTheRest_whenSomeOfThatHasGone() throws Exception {
        String token = consumer("rest", "lyon");
        for (String id : List.of("leaves", "goes")) {
            Exports.put(server, "Organization", id, "\"address\":[{\"city\":\"Lyon\"}]");
        }
        Document manifest = Exports.complete(Exports.begin(server, "", token), token);
        assertThat(manifest.getList("output", Document.class).get(0)).doesNotContainKey("count");
        assertThat(Exports.resources(manifest, token))
                .containsKeys("Organization/in-Lyon", "Organization/leaves", "Organization/goes");

        Exports.put(server, "Organization", "leaves", "\"address\":[{\"city\":\"Paris\"}]");
        Exports.delete(server, "Organization/goes");

        assertThat(Exports.resources(manifest, token).keySet())
                .contains("Organization/in-Lyon")
                .doesNotContain("Organization/leaves", "Organization/goes");
    }

    @Test
    void whoLosesTheRight_thatASearchIsBy_losesTheExport() throws Exception {
        admin("PUT", "roles/people", "{\"permissions\":[\"READ, SEARCH on Practitioner\"]}");
        admin("PUT", "roles/posts", "{\"permissions\":[\"READ, SEARCH on PractitionerRole\"]}");
        admin("PUT", "consumers/links", "{\"roles\":[\"people\",\"posts\"]}");
        String token =
                admin("POST", "consumers/links/tokens", "{\"label\":\"test\"}").getString("token");
        Exports.put(
                server, "PractitionerRole", "r", "\"active\":true,\"practitioner\":{\"reference\":\"Practitioner/p\"}");
        String address = Exports.begin(
                server,
                "?_type=Practitioner&_typeFilter=Practitioner%3F_has:PractitionerRole:practitioner:active%3Dtrue",
                token);
        Document manifest = Exports.complete(address, token);
        assertThat(Exports.resources(manifest, token)).containsOnlyKeys("Practitioner/p");

        replace("consumers/links", "{\"roles\":[\"people\"]}");

        for (String url : List.of(file(manifest), address)) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(status("GET", url, token)).isEqualTo(403));
        }
    }

    @Test
    void whoHasTooMany_isRefused_untilOneIsEnded() throws Exception {
        String token = consumer("many", "reader");
        String first = Exports.begin(server, "", token);
        Exports.begin(server, "", token);
        Exports.begin(server, "", token);

        HttpResponse<String> refused = Exports.asked(server, "", token);

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.body()).contains("export.perConsumer");
        assertThat(status("DELETE", first, token)).isEqualTo(202);
        assertThat(Exports.asked(server, "", token).statusCode()).isEqualTo(202);
    }
}
