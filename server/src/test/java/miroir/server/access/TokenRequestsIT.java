package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Applications that ask for tokens themselves. */
@ExtendWith(MongoExtension.class)
final class TokenRequestsIT {
    private static final String BY_HAND = "access: {mode: token, requests: true}";
    private static final String BY_NETWORK =
            "access: {mode: token, requests: true, requestNetworks: 127.0.0.0/8, requestRoles: reader}";

    private static HttpResponse<String> post(TestServer server, String path, String json) throws Exception {
        return Http.send(
                "POST",
                server.uri("/admin/api/" + path),
                json.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
    }

    private static BsonDocument ask(TestServer server, String name) throws Exception {
        HttpResponse<String> asked = post(
                server, "requests", "{\"name\":\"" + name + "\",\"contact\":\"a@b.example\",\"reason\":\"the till\"}");
        assertThat(asked.statusCode()).as(asked.body()).isEqualTo(201);
        assertThat(asked.headers().firstValue("Cache-Control")).hasValue("no-store");
        return BsonDocument.parse(asked.body());
    }

    private static HttpResponse<String> fetch(TestServer server, BsonDocument asked) throws Exception {
        return post(
                server,
                "requests/" + asked.getString("id").getValue() + "/token",
                "{\"secret\":\"" + asked.getString("secret").getValue() + "\"}");
    }

    private static HttpResponse<String> post(TestServer server, String path, String json, String from)
            throws Exception {
        return Http.send(
                "POST",
                server.uri("/admin/api/" + path),
                json.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json",
                "X-Forwarded-For",
                from);
    }

    private static int read(TestServer server, String token) throws Exception {
        return Http.send("GET", server.uri("/fhir/Device"), "Authorization", "Bearer " + token)
                .statusCode();
    }

    @Test
    void request_thatAnAdministratorAccepts_givesATokenOnce(TestDatabase database) throws Exception {
        try (TestServer server = TestServer.withAccess(BY_HAND, database)) {
            AdminClient admin = AdminClient.local(server);
            BsonDocument asked = ask(server, "pharmacy");
            String id = asked.getString("id").getValue();

            assertThat(asked.getString("state").getValue()).isEqualTo("waiting");
            assertThat(fetch(server, asked).statusCode()).isEqualTo(202);
            assertThat(admin.get("consumers").body()).doesNotContain("pharmacy");
            assertThat(admin.get("requests").body())
                    .contains("pharmacy", "a@b.example", "the till", "127.0.0.1", "waiting")
                    .doesNotContain(asked.getString("secret").getValue(), "ecret");

            admin.done("POST", "requests/" + id + "/accept", "{\"roles\":[\"reader\"]}");
            HttpResponse<String> fetched = fetch(server, asked);
            assertThat(fetched.statusCode()).isEqualTo(201);
            String token = BsonDocument.parse(fetched.body()).getString("token").getValue();

            assertThat(read(server, token)).isEqualTo(200);
            assertThat(Http.send("DELETE", server.uri("/fhir/Device/1"), "Authorization", "Bearer " + token)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(fetch(server, asked).statusCode()).isEqualTo(404);
            assertThat(admin.get("consumers/pharmacy").body()).contains("a@b.example", "reader");
            assertThat(post(server, "requests", "{\"name\":\"pharmacy\",\"contact\":\"x\"}")
                            .statusCode())
                    .isEqualTo(409);
        }
    }

    @Test
    void request_thatIsRefused_saysWhy_andIsDecidedOnce(TestDatabase database) throws Exception {
        try (TestServer server = TestServer.withAccess(BY_HAND, database)) {
            AdminClient admin = AdminClient.local(server);
            BsonDocument asked = ask(server, "lab");
            String id = asked.getString("id").getValue();

            admin.done("POST", "requests/" + id + "/refuse", "{\"answer\":\"write to us first\"}");

            assertThat(fetch(server, asked).statusCode()).isEqualTo(403);
            assertThat(fetch(server, asked).body()).contains("write to us first");
            assertThat(admin.send("POST", "requests/" + id + "/accept", "{\"roles\":[\"everything\"]}")
                            .statusCode())
                    .isEqualTo(409);
        }
    }

    @Test
    void request_fromANetworkOfTheRule_isAcceptedAtOnce_andFetchedByOneOfMany(TestDatabase database) throws Exception {
        try (TestServer server = TestServer.withAccess(BY_NETWORK, database)) {
            BsonDocument asked = ask(server, "ward");
            assertThat(asked.getString("state").getValue()).isEqualTo("accepted");

            List<Integer> statuses = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<Integer>> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    all.add(threads.submit(() -> fetch(server, asked).statusCode()));
                }
                for (Future<Integer> each : all) {
                    statuses.add(each.get());
                }
            } finally {
                threads.shutdownNow();
            }

            assertThat(statuses).containsOnlyOnce(201);
            assertThat(statuses).allMatch(status -> status < 500);
        }
    }

    @Test
    void requests_areBounded_andOffUnlessConfigured(TestDatabase database) throws Exception {
        try (TestServer server = TestServer.withAccess("", database)) {
            assertThat(post(server, "requests", "{\"name\":\"a\",\"contact\":\"x\"}")
                            .statusCode())
                    .isEqualTo(404);
        }
        try (TestServer server = TestServer.withAccess(BY_HAND, database)) {
            assertThat(post(server, "requests", "{\"name\":\"A b\",\"contact\":\"x\"}")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(post(server, "requests", "{\"name\":\"a\",\"contact\":\"" + "x".repeat(201) + "\"}")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(fetch(
                                    server,
                                    new BsonDocument("id", new BsonString("nothing"))
                                            .append("secret", new BsonString("x")))
                            .statusCode())
                    .isEqualTo(404);
            HttpResponse<String> answer = post(server, "requests", "{\"name\":\"n0\",\"contact\":\"x\"}");
            for (int i = 1; i < 10 && answer.statusCode() == 201; i++) {
                answer = post(server, "requests", "{\"name\":\"n" + i + "\",\"contact\":\"x\"}");
            }
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
    }

    @Test
    void rule_isAboutWhoAsks_notAboutAGatewayBetween(TestDatabase database) throws Exception {
        try (TestServer server = TestServer.withAccess(BY_NETWORK, database)) {
            assertThat(post(server, "requests", "{\"name\":\"a\",\"contact\":\"x\"}", "203.0.113.9")
                            .body())
                    .contains("waiting");
        }
        String behindGateway = "access: {mode: token, requests: true, requestNetworks: [127.0.0.0/8, 198.51.100.0/24],"
                + " requestRoles: reader}\nlisten: {port: 0, trustedProxies: 127.0.0.1}\n";
        try (TestServer server = TestServer.withAccess(behindGateway, database)) {
            assertThat(post(server, "requests", "{\"name\":\"b\",\"contact\":\"x\"}", "203.0.113.9")
                            .body())
                    .contains("waiting");
            assertThat(post(server, "requests", "{\"name\":\"c\",\"contact\":\"x\"}", "unknown")
                            .body())
                    .contains("waiting");
            assertThat(post(server, "requests", "{\"name\":\"d\",\"contact\":\"x\"}")
                            .body())
                    .contains("waiting");
            assertThat(post(server, "requests", "{\"name\":\"e\",\"contact\":\"x\"}", "198.51.100.7")
                            .body())
                    .contains("accepted");
        }
    }

    @Test
    void acceptedRequest_canBeTakenBack_andForgotten(TestDatabase database) throws Exception {
        try (TestServer server = TestServer.withAccess(BY_HAND, database)) {
            AdminClient admin = AdminClient.local(server);
            BsonDocument asked = ask(server, "mill");
            String path = "requests/" + asked.getString("id").getValue();
            admin.done("POST", path + "/accept", "{\"roles\":[\"reader\"]}");

            admin.done("POST", path + "/refuse", "{\"answer\":\"a mistake\"}");
            assertThat(fetch(server, asked).statusCode()).isEqualTo(403);
            assertThat(admin.get("audit?type=REFUSE_REQUEST").body()).contains("mill");

            admin.done("DELETE", path, "");
            assertThat(fetch(server, asked).statusCode()).isEqualTo(404);
            assertThat(admin.get("requests").body()).doesNotContain("mill");
        }
    }

    @Test
    void acceptance_endsWithTheRuleAndWithTheRequests(TestDatabase database) throws Exception {
        BsonDocument asked;
        try (TestServer server = TestServer.withAccess(BY_NETWORK, database)) {
            asked = ask(server, "kiosk");
        }
        for (String later : List.of(
                "access: {mode: token}",
                BY_HAND,
                "access: {mode: token, requests: true, requestNetworks: 10.0.0.0/8, requestRoles: reader}",
                "access: {mode: token, requests: true, requestNetworks: 127.0.0.0/8, requestRoles: writer}")) {
            try (TestServer server = TestServer.withAccess(later, database)) {
                assertThat(fetch(server, asked).statusCode()).as(later).isEqualTo(404);
            }
        }
        try (TestServer server = TestServer.withAccess(BY_NETWORK, database)) {
            assertThat(fetch(server, asked).statusCode()).isEqualTo(201);
        }
    }

    @Test
    void rolesThatAreNotThere_leaveItToAnAdministrator_andCostNoRequest(TestDatabase database) throws Exception {
        String typo = "access: {mode: token, requests: true, requestNetworks: 127.0.0.0/8, requestRoles: raeder}";
        try (TestServer server = TestServer.withAccess(typo, database)) {
            AdminClient admin = AdminClient.local(server);
            BsonDocument asked = ask(server, "vault");
            assertThat(asked.getString("state").getValue()).isEqualTo("waiting");

            admin.done("PUT", "roles/short", "{\"permissions\":[\"READ on Device\"]}");
            String path = "requests/" + asked.getString("id").getValue();
            admin.done("POST", path + "/accept", "{\"roles\":[\"short\"]}");
            admin.remove("roles/short");
            HttpResponse<String> fetched = fetch(server, asked);
            assertThat(fetched.statusCode()).isEqualTo(409);
            assertThat(fetched.body()).contains("short");

            admin.done("PUT", "roles/short", "{\"permissions\":[\"READ on Device\"]}");
            assertThat(fetch(server, asked).statusCode()).isEqualTo(201);
        }
    }

    @Test
    void namesOfApplicationsOfIssuers_areNotHad(TestDatabase database) throws Exception {
        try (TestServer server = TestServer.withAccess(BY_HAND, database)) {
            HttpResponse<String> answer =
                    post(server, "requests", "{\"name\":\"oidc.keycloak.pharmacy\",\"contact\":\"x\"}");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("oidc.");
        }
    }

    @Test
    void requestsOfOneProvider_doNotShutOutOthers(TestDatabase database) throws Exception {
        String behindGateway = "access: {mode: token, requests: true}\nlisten: {port: 0, trustedProxies: 127.0.0.1}\n";
        try (TestServer server = TestServer.withAccess(behindGateway, database)) {
            AdminClient admin = AdminClient.local(server);
            for (int i = 0; i < 20; i++) {
                String json = "{\"name\":\"n" + i + "\",\"contact\":\"x\"}";
                assertThat(post(server, "requests", json, "100.64." + i + ".9").statusCode())
                        .isEqualTo(201);
            }
            String json = "{\"name\":\"another\",\"contact\":\"x\"}";
            assertThat(post(server, "requests", json, "100.64.99.9").statusCode())
                    .isEqualTo(429);
            assertThat(post(server, "requests", json, "198.51.100.9").statusCode())
                    .isEqualTo(201);

            String first = BsonDocument.parse(admin.get("requests").body()).getArray("requests").stream()
                    .map(BsonValue::asDocument)
                    .filter(each -> each.getString("address").getValue().startsWith("100.64."))
                    .findFirst()
                    .orElseThrow()
                    .getString("id")
                    .getValue();
            admin.done("POST", "requests/" + first + "/refuse", "{}");
            assertThat(post(server, "requests", json.replace("another", "third"), "100.64.99.9")
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @Test
    void secret_thatIsWrong_isAnsweredLikeARequestThatIsNotThere(TestDatabase database) throws Exception {
        try (TestServer server = TestServer.withAccess(BY_NETWORK, database)) {
            BsonDocument asked = ask(server, "clinic");
            asked.put("secret", new BsonString("miroir_request_wrong"));

            assertThat(fetch(server, asked).statusCode()).isEqualTo(404);
        }
    }
}
