package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What tokens of consumers let through, over HTTP; the register in a real database, resources in memory. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsumersIT {
    private TestServer server;
    private TestServer second;
    private AdminClient admin;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("access: {mode: token}", database);
        second = TestServer.withAccess("access: {mode: token}", database);
        admin = AdminClient.local(server);
        put(
                "Organization/paris",
                "{\"resourceType\":\"Organization\",\"id\":\"paris\",\"active\":true,"
                        + "\"name\":\"A\",\"address\":[{\"postalCode\":\"75001\",\"city\":\"Paris\"}]}");
        put(
                "Organization/lyon",
                "{\"resourceType\":\"Organization\",\"id\":\"lyon\",\"active\":true,"
                        + "\"name\":\"B\",\"address\":[{\"postalCode\":\"69001\",\"city\":\"Lyon\"}]}");
        put(
                "PractitionerRole/r",
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"r\","
                        + "\"organization\":{\"reference\":\"Organization/lyon\"}}");
    }

    private void put(String path, String json) throws Exception {
        assertThat(Http.write("PUT", server.uri("/fhir/" + path), json).statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    void stop() {
        second.close();
        server.close();
    }

    private HttpResponse<String> get(String token, String path) throws Exception {
        return Http.send("GET", server.uri("/fhir" + path), "Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(String token, String method, String path, String json) throws Exception {
        return Http.send(
                method,
                server.uri("/fhir" + path),
                json.getBytes(StandardCharsets.UTF_8),
                "ESANTE-API-KEY",
                token,
                "Content-Type",
                "application/fhir+json");
    }

    @Test
    void token_letsThroughWhatItsRolesAllow_andNothingElse() throws Exception {
        String token = admin.consumer("reads-organizations", "READ on Organization", "SEARCH on Organization");

        assertThat(token).matches("miroir_[A-Za-z0-9_-]{43}");
        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(200);
        assertThat(get(token, "/Organization?active=true").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = get(token, "/PractitionerRole/r");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("READ on PractitionerRole", "reads-organizations");
        assertThat(get(token, "/Organization/paris/_history").statusCode()).isEqualTo(403);
        assertThat(get(token, "/Organization/paris/_history/1").statusCode()).isEqualTo(403);
        assertThat(send(token, "DELETE", "/Organization/paris", "").statusCode())
                .isEqualTo(403);
        assertThat(send(token, "POST", "/Organization", "{\"resourceType\":\"Organization\",\"name\":\"C\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void entriesOfABundle_needTheirOwnRights() throws Exception {
        String token = admin.consumer("bundles", "READ on Organization");

        HttpResponse<String> answer = send(
                token,
                "POST",
                "",
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":["
                        + "{\"request\":{\"method\":\"GET\",\"url\":\"Organization/paris\"}},"
                        + "{\"request\":{\"method\":\"GET\",\"url\":\"PractitionerRole/r\"}},"
                        + "{\"request\":{\"method\":\"DELETE\",\"url\":\"Organization/paris\"}}]}");

        assertThat(statuses(answer.body())).containsExactly("200", "403", "403");
        assertThat(get(TestServer.TOKEN, "/Organization/paris").statusCode()).isEqualTo(200);
    }

    private static List<String> statuses(String bundle) {
        Matcher status = Pattern.compile("\"status\":\"(\\d{3})").matcher(bundle);
        return status.results().map(found -> found.group(1)).toList();
    }

    @Test
    void explanation_ofWhatReachesUnseenResources_isRefused() throws Exception {
        String token = admin.consumer(
                "explains", "SEARCH, EXPLAIN on PractitionerRole", "SEARCH on Organization?address-postalcode=75001");

        assertThat(get(token, "/PractitionerRole?active=true&__explain=true").statusCode())
                .isEqualTo(200);
        assertThat(get(token, "/PractitionerRole?organization.name=B&__explain=true")
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(token, "/Organization?active=true&__explain=true").statusCode())
                .isEqualTo(403);
    }

    @Test
    void validation_saysNoMoreThanAWriteWould() throws Exception {
        String token = admin.consumer("validates", "READ on Organization", "CREATE on Device");
        String lyon = "{\"resourceType\":\"Organization\",\"id\":\"lyon\",\"name\":\"B\"}";

        for (String id : List.of("lyon", "nowhere")) {
            assertThat(send(token, "POST", "/Organization/" + id + "/$validate?mode=delete", "")
                            .body())
                    .contains("needs the right DELETE");
        }
        assertThat(send(token, "POST", "/Organization/lyon/$validate?mode=update", lyon)
                        .body())
                .contains("needs the right CREATE or UPDATE");
        assertThat(Http.send("POST", server.uri("/fhir/Organization/$validate")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void revokedWhileTheBodyComes_isNotWritten() throws Exception {
        String token = admin.consumer("slow", "CREATE, UPDATE on *");
        byte[] body =
                "{\"resourceType\":\"Organization\",\"id\":\"slow\",\"name\":\"X\"}".getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(("PUT /fhir/Organization/slow HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                                    + "Authorization: Bearer " + token + "\r\nContent-Type: application/fhir+json\r\n"
                                    + "Content-Length: " + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body, 0, 10);
            socket.getOutputStream().flush();
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            admin.revokeAll("slow");
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            socket.getOutputStream().write(body, 10, body.length - 10);
            socket.getOutputStream().flush();

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 401");
        }
        assertThat(get(TestServer.TOKEN, "/Organization/slow").statusCode()).isEqualTo(404);
    }

    @Test
    void metadata_saysWhatWhoAsksMayDo() throws Exception {
        String token = admin.consumer("sees-little", "SEARCH on Organization", "READ on Device");

        String metadata = get(token, "/metadata?_format=json").body();

        assertThat(metadata)
                .contains("\"type\":\"Organization\"", "\"type\":\"Device\"", "search-type")
                .doesNotContain("\"type\":\"PractitionerRole\"", "\"code\":\"update\"", "history-system");
        assertThat(get(TestServer.TOKEN, "/metadata?_format=json").body())
                .contains("\"type\":\"PractitionerRole\"", "\"code\":\"update\"", "history-system");
    }

    @Test
    void pages_ofWhoSeesSome_haveOneTotal_untilHeSeesOthers() throws Exception {
        for (int i = 0; i < 5; i++) {
            put(
                    "Organization/w" + i,
                    "{\"resourceType\":\"Organization\",\"id\":\"w" + i + "\",\"active\":true,\"name\":\"W\"}");
        }
        String token = admin.consumer("walks-on", "SEARCH on Organization?name=W");
        List<Integer> totals = new ArrayList<>();
        String path = "/Organization?_count=2&_total=accurate";
        for (String relation : List.of("next", "next", "previous", "previous", "next")) {
            BsonDocument page = BsonDocument.parse(get(token, path).body());
            totals.add(page.getNumber("total").intValue());
            path = link(page, relation);
        }
        assertThat(totals).containsExactly(5, 5, 5, 5, 5);
        assertThat(get(token, path).statusCode()).isEqualTo(200);

        admin.done(
                "PUT",
                "roles/walks-on",
                "{\"permissions\":[\"SEARCH on Organization?name=A\"]}",
                "If-Match",
                admin.get("roles/walks-on").headers().firstValue("ETag").orElseThrow());

        assertThat(get(token, path).statusCode()).isEqualTo(410);
    }

    private static String link(BsonDocument page, String relation) {
        return page.getArray("link").stream()
                .map(BsonValue::asDocument)
                .filter(link -> link.getString("relation").getValue().equals(relation))
                .map(link -> link.getString("url").getValue())
                .map(url -> url.substring(url.indexOf("/fhir") + "/fhir".length()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void revokedToken_isRefusedOnAllServersWithinSeconds() throws Exception {
        String token = admin.consumer("revoked", "READ on *");
        await().atMost(Duration.ofSeconds(10)).until(() -> onSecond(token) == 404);
        String id = admin.done("GET", "consumers/revoked", "")
                .getArray("tokens")
                .get(0)
                .asDocument()
                .getString("id")
                .getValue();

        admin.done("DELETE", "consumers/revoked/tokens/" + id, "");

        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(401);
        await().atMost(Duration.ofSeconds(10)).until(() -> onSecond(token) == 401);
    }

    /** Which has no resources. */
    private int onSecond(String token) throws Exception {
        return Http.send("GET", second.uri("/fhir/Organization/paris"), "Authorization", "Bearer " + token)
                .statusCode();
    }

    @Test
    void blockedConsumer_isRefused_untilItIsNot() throws Exception {
        String token = admin.consumer("blocked", "READ on *");

        admin.done("PUT", "consumers/blocked/blocked", "{\"blocked\":true}");
        HttpResponse<String> refused = get(token, "/Organization/paris");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("is blocked");
        admin.done("PUT", "consumers/blocked/blocked", "{\"blocked\":false}");
        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(200);
    }

    @Test
    void expiredToken_isRefused() throws Exception {
        admin.consumer("expires", "READ on *");
        String token = admin.done(
                        "POST",
                        "consumers/expires/tokens",
                        "{\"label\":\"short\",\"expires\":\"" + Instant.now().plusSeconds(5) + "\"}")
                .getString("token")
                .getValue();

        await().atMost(Duration.ofSeconds(40))
                .until(() -> get(token, "/Organization/paris").body().contains("the token expired at"));
        assertThat(admin.send(
                                "POST",
                                "consumers/expires/tokens",
                                "{\"label\":\"x\",\"expires\":\"2001-01-01T00:00:00Z\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void changedRole_countsAtOnce_alsoThroughGroups() throws Exception {
        admin.done("PUT", "roles/grows", "{\"permissions\":[\"READ on Device\"]}");
        admin.done("PUT", "groups/growing", "{\"roles\":[\"grows\"]}");
        admin.done("PUT", "consumers/in-group", "{\"groups\":[\"growing\"]}");
        String token = admin.token("in-group");
        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(403);

        String tag = admin.get("roles/grows").headers().firstValue("ETag").orElseThrow();
        admin.done("PUT", "roles/grows", "{\"permissions\":[\"READ on *\"]}", "If-Match", tag);

        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(200);
    }

    @Test
    void lastUse_isNoted() throws Exception {
        String token = admin.consumer("used", "READ on *");
        get(token, "/Organization/paris");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> admin.done("GET", "consumers/used", "")
                        .getArray("tokens")
                        .get(0)
                        .asDocument()
                        .containsKey("lastUse"));
    }

    @Test
    void permissions_ofAConsumer_areShown() throws Exception {
        admin.consumer("shown", "READ on Device", "SEARCH on Device?status=active");

        BsonDocument shown = admin.done("GET", "consumers/shown", "");

        assertThat(shown.toJson())
                .contains("READ on Device", "SEARCH on Device?status=active")
                .doesNotContain("hash");
    }
}
