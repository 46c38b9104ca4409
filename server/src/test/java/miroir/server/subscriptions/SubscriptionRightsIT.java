package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may have what delivered, and what administrators have to do with it. */
@ExtendWith(MongoExtension.class)
final class SubscriptionRightsIT {
    private static TestServer server;
    private TestReceiver receiver;

    @BeforeAll
    static void start(TestDatabase database) throws Exception {
        server = TestServer.subscribing(
                "access: {mode: token}\nsubscriptions: {allowedTargets: [127.0.0.1], trustedHosts: [trusted.example]}",
                database,
                Set.of("Organization", "Practitioner", "Subscription"));
        admin(
                "PUT",
                "roles/lyon",
                "{\"permissions\":[\"READ, SEARCH on Organization?address-city=Lyon\",\"READ, SEARCH, CREATE, UPDATE on Subscription\"]}");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        receiver = new TestReceiver();
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void consumer_waitsForAnAdministrator_andIsToldWhatHeMaySee_untilHeIsBlocked() throws Exception {
        String token = consumer("shop");
        Document made = subscribe(token, "Organization", receiver.url("/hook"), 201);
        String id = made.getString("id");
        assertThat(made.getString("status")).isEqualTo("requested");
        put("before", "Lyon");

        Document shown = shown(id);
        assertThat(shown.getString("owner")).isEqualTo("consumer/shop");
        assertThat(shown.getBoolean("approved")).isFalse();
        assertThat(Http.send(
                                "POST",
                                server.uri("/admin/api/subscriptions/" + id + "/resume"),
                                new byte[0],
                                "Authorization",
                                "Bearer " + TestServer.TOKEN)
                        .statusCode())
                .isEqualTo(409);
        admin("POST", "subscriptions/" + id + "/approve", "");
        assertThat(shown(id).getString("status")).isEqualTo("active");

        put("o1", "Lyon");
        put("o2", "Paris");
        put("o3", "Paris");
        put("o3", "Lyon");
        put("o1", "Paris");
        put("o4", "Lyon");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(receiver.changes()).contains("enter Organization/o3 2", "enter Organization/o4 1"));
        assertThat(receiver.changes())
                .allMatch(change ->
                        change.matches("enter Organization/(before 1|o1 1|o3 2|o4 1)|.* Organization/r1 [12]"));

        admin("PUT", "consumers/shop/blocked", "{\"blocked\":true}");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            put("o5", "Lyon");
            assertThat(shown(id).getString("status")).isEqualTo("error");
            assertThat(shown(id).getString("lastError")).isNotEmpty();
        });
        assertThat(receiver.changes()).noneMatch(change -> change.contains("o5"));
        admin("PUT", "consumers/shop/blocked", "{\"blocked\":false}");
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(send("GET", "/fhir/Organization", "", token).statusCode())
                    .isEqualTo(200);
        });
        admin("POST", "subscriptions/" + id + "/resume", "");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes()).contains("enter Organization/o5 1"));
        admin("POST", "subscriptions/" + id + "/pause", "");
        assertThat(shown(id).getString("status")).isEqualTo("off");
    }

    @Test
    void whoChangesTheTerms_isTheOwner_andNeedsConsentAgain() throws Exception {
        String mine = consumer("mine");
        String others = consumer("others");
        Document made = subscribe(mine, "Organization", "https://trusted.example/a", 201);
        assertThat(made.getString("status")).isEqualTo("active");
        String id = made.getString("id");

        Document paused = replaced(others, new Document(made).append("status", "off"), 200);
        assertThat(owner(paused)).isEqualTo("consumer/mine");
        Document forged = new Document(made)
                .append("criteria", "Organization?name=a")
                .append("extension", List.of(extension("urn:miroir:subscription:owner", "local")));
        assertThat(owner(replaced(others, forged, 200))).isEqualTo("consumer/others");
        forged.get("channel", Document.class).put("endpoint", receiver.url("/hook"));
        forged.put("extension", List.of(extension("urn:miroir:subscription:approved", "forged")));
        assertThat(replaced(others, forged, 200).getString("status")).isEqualTo("requested");
        assertThat(shown(id).getBoolean("approved")).isFalse();
        replaced(others, new Document(forged).append("status", "error"), 422);
    }

    @Test
    void validation_setInTheConsole_holdsForWhatIsSentFromThenOn() throws Exception {
        String token = consumer("ruled");
        String waiting = subscribe(token, "Organization?name=waiting", receiver.url("/hook"), 201)
                .getString("id");
        AdminClient admin = AdminClient.local(server);

        admin("PUT", "settings/subscriptions.validation", "{\"value\":\"automatic\"}");
        assertThat(subscribe(token, "Organization?name=free", receiver.url("/hook"), 201)
                        .getString("status"))
                .isEqualTo("active");
        assertThat(shown(waiting).getString("status")).isEqualTo("requested");
        admin.remove("settings/subscriptions.validation");

        admin("PUT", "settings/subscriptions.trustedHosts", "{\"value\":\"App.example, other.example\"}");
        assertThat(subscribe(token, "Organization?name=a", "https://app.example/a", 201)
                        .getString("status"))
                .isEqualTo("active");
        assertThat(subscribe(token, "Organization?name=b", "https://trusted.example/a", 201)
                        .getString("status"))
                .isEqualTo("requested");
        assertThat(admin.get("settings/subscriptions.validation").body()).contains("manual", "automatic");
        // To nobody any more, though the file trusts one.
        admin.remove("settings/subscriptions.trustedHosts");
        admin("PUT", "settings/subscriptions.trustedHosts", "{\"value\":\"\"}");
        assertThat(subscribe(token, "Organization?name=c", "https://trusted.example/a", 201)
                        .getString("status"))
                .isEqualTo("requested");
        admin.remove("settings/subscriptions.trustedHosts");
    }

    @Test
    void whoMayDoEverything_agreesToNothingByTheWay() throws Exception {
        Document made = subscribe(consumer("waiting"), "Organization", receiver.url("/hook"), 201);

        Document written = replaced(TestServer.TOKEN, new Document(made).append("reason", "read by somebody"), 200);

        assertThat(owner(written)).isEqualTo("consumer/waiting");
        assertThat(written.getString("status")).isEqualTo("requested");
        assertThat(shown(made.getString("id")).getBoolean("approved")).isFalse();
    }

    @Test
    void whoHasNoRightToHistories_isNotSentWhatIsNotCurrentAnyMore() throws Exception {
        String token = consumer("recent");
        String id = subscribe(token, "Organization", receiver.url("/hook"), 201).getString("id");
        admin("POST", "subscriptions/" + id + "/approve", "");
        receiver.answers(got -> got.version() == 1 ? 500 : 200);
        put("r1", "Lyon");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(receiver.all()).anyMatch(got -> got.change().equals("enter Organization/r1 1")));
        put("r1", "Lyon\"},{\"city\":\"Lyon");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(receiver.changes()).contains("update Organization/r1 2"));
        assertThat(receiver.changes()).doesNotContain("enter Organization/r1 1");
    }

    @Test
    void whoMayNotSearchAType_cannotSubscribeToIt_norMayWhoHasNoRight() throws Exception {
        String token = consumer("curious");
        subscribe(token, "Practitioner", receiver.url("/hook"), 403);
        admin("PUT", "consumers/reading", "{\"roles\":[\"reader\"]}");
        subscribe(token("reading"), "Organization", receiver.url("/hook"), 403);
    }

    @Test
    void subscriptions_areOnAPage_andInMetrics() throws Exception {
        String token = consumer("paged");
        subscribe(token, "Organization?name=paged", receiver.url("/secret-path"), 201);

        HttpResponse<String> page = Http.send(
                "GET", server.uri("/admin/subscriptions?lang=en"), "Authorization", "Bearer " + TestServer.TOKEN);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("Organization?name=paged", "To be approved", "Approve", "paged")
                .doesNotContain("secret-path");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                Http.send("GET", server.uri("/metrics")).body())
                        .contains("miroir_subscriptions{status=\"requested\"}", "miroir_subscriptions_lag_seconds"));
    }

    private static Document extension(String url, String value) {
        return new Document("url", url).append("valueString", value);
    }

    private static String owner(Document subscription) {
        return subscription.getList("extension", Document.class).stream()
                .filter(each -> each.getString("url").equals("urn:miroir:subscription:owner"))
                .map(each -> each.getString("valueString"))
                .findFirst()
                .orElseThrow();
    }

    private static String consumer(String name) throws Exception {
        admin("PUT", "consumers/" + name, "{\"roles\":[\"lyon\"]}");
        return token(name);
    }

    private static String token(String name) throws Exception {
        return admin("POST", "consumers/" + name + "/tokens", "{\"label\":\"test\"}")
                .getString("token");
    }

    private static Document shown(String id) throws Exception {
        return admin("GET", "subscriptions/" + id, "");
    }

    private static Document admin(String method, String path, String json) throws Exception {
        HttpResponse<String> answer = send(method, "/admin/api/" + path, json, TestServer.TOKEN);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return answer.body().isEmpty() ? new Document() : Document.parse(answer.body());
    }

    private static HttpResponse<String> send(String method, String path, String json, String token) throws Exception {
        return Http.send(
                method,
                server.uri(path),
                json.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                path.startsWith("/admin") ? "application/json" : "application/fhir+json");
    }

    private static Document subscribe(String token, String criteria, String endpoint, int status) throws Exception {
        HttpResponse<String> answer = send(
                "POST",
                "/fhir/Subscription",
                "{\"resourceType\":\"Subscription\",\"status\":\"requested\",\"reason\":\"test\",\"criteria\":\""
                        + criteria
                        + "\",\"channel\":{\"type\":\"rest-hook\",\"endpoint\":\"" + endpoint
                        + "\",\"payload\":\"application/fhir+json\"}}",
                token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Document.parse(answer.body());
    }

    private static Document replaced(String token, Document subscription, int status) throws Exception {
        HttpResponse<String> answer =
                send("PUT", "/fhir/Subscription/" + subscription.getString("id"), subscription.toJson(), token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Document.parse(answer.body());
    }

    private static void put(String id, String city) throws Exception {
        HttpResponse<String> answer = Http.write(
                "PUT",
                server.uri("/fhir/Organization/" + id),
                "{\"resourceType\":\"Organization\",\"id\":\"" + id + "\",\"address\":[{\"city\":\"" + city + "\"}]}");
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    }
}
