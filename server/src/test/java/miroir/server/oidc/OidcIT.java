package miroir.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What tokens of an issuer let through, over HTTP. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OidcIT {
    private static final String SMART = "/.well-known/smart-configuration";

    private TestIssuer issuer;
    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        issuer = new TestIssuer();
        server = TestServer.withAccess(
                "access: {mode: token, issuers: [" + issuer.yaml(", roles: groups") + "]}", database);
        put("Organization/paris", "\"name\":\"A\",\"address\":[{\"postalCode\":\"75001\"}]");
        put("Organization/lyon", "\"name\":\"B\",\"address\":[{\"postalCode\":\"69001\"}]");
        put("PractitionerRole/r", "\"organization\":{\"reference\":\"Organization/lyon\"}");
    }

    private void put(String path, String content) throws Exception {
        String json = "{\"resourceType\":\"" + path.replace("/", "\",\"id\":\"") + "\"," + content + "}";
        assertThat(Http.write("PUT", server.uri("/fhir/" + path), json).statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    void stop() {
        server.close();
        issuer.close();
    }

    private HttpResponse<String> get(String token, String path) throws Exception {
        return Http.send("GET", server.uri("/fhir" + path), "Authorization", "Bearer " + token);
    }

    @Test
    void scopes_letThroughWhatTheySay_andNothingElse() throws Exception {
        String token = issuer.token("openid system/Organization.r");

        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = get(token, "/Organization?name=A");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
                .startsWith(
                        "Bearer realm=\"miroir\", error=\"insufficient_scope\", error_description=\"search-type needs");
        assertThat(get(token, "/Organization/paris/_history").statusCode()).isEqualTo(403);
        assertThat(get(token, "/PractitionerRole/r").statusCode()).isEqualTo(403);
        assertThat(get(issuer.token("patient/*.cruds launch"), "/Organization/paris")
                        .statusCode())
                .isEqualTo(403);
        assertThat(Http.send(
                                "POST",
                                server.uri("/fhir/Organization/paris/$erase"),
                                "Authorization",
                                "Bearer " + issuer.token("system/*.cruds"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(issuer.token("system/*.cruds"), "/Organization?name=A&__explain=true")
                        .statusCode())
                .isEqualTo(403);
        assertThat(Http.send(
                                "GET",
                                server.uri("/admin/api/consumers"),
                                "Authorization",
                                "Bearer " + issuer.token("system/*.cruds"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void narrowedScope_holdsForReadsSearchesAndIncludes() throws Exception {
        String token = issuer.token("system/Organization.rs?address-postalcode=75001 system/PractitionerRole.rs");

        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(200);
        assertThat(get(token, "/Organization/lyon").statusCode()).isEqualTo(404);
        assertThat(get(token, "/Organization/lyon/_history").statusCode()).isEqualTo(404);
        assertThat(get(token, "/Organization?_summary=count&_total=accurate").body())
                .contains("\"total\":1");
        assertThat(get(token, "/PractitionerRole?_include=PractitionerRole:organization")
                        .body())
                .contains("PractitionerRole/r")
                .doesNotContain("\"name\":\"B\"");
    }

    @Test
    void scopeThatCannotBeUnderstood_allowsNothing() throws Exception {
        String token = issuer.token("system/Organization.rs?no-such-parameter=1 system/Organization.rs?partof.name=A");

        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(404);
        assertThat(get(token, "/Organization?_summary=count&_total=accurate").body())
                .contains("\"total\":0");
    }

    @Test
    void refusedToken_isToldHowRfc6750Says() throws Exception {
        String old = issuer.signed(issuer.claims(Instant.now(), "system/*.rs")
                .expirationTime(Date.from(Instant.now().minusSeconds(100)))
                .build());

        HttpResponse<String> refused = get(old, "/Organization/paris");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"miroir\", error=\"invalid_token\","
                        + " error_description=\"the token of the issuer test is refused: it expired (exp)\"");
        assertThat(refused.body()).contains("OperationOutcome").doesNotContain(old);
        assertThat(get("miroir_\"é", "/Organization/paris")
                        .headers()
                        .firstValue("WWW-Authenticate")
                        .orElse(""))
                .contains("error=\"invalid_token\"");
        assertThat(Http.send("GET", server.uri("/fhir/Organization/paris"))
                        .headers()
                        .firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"miroir\"");
    }

    @Test
    void blockedConsumer_isRefusedWithAllItsTokens() throws Exception {
        String token = issuer.signed(issuer.claims(Instant.now(), "system/*.rs")
                .claim("client_id", "rogue")
                .build());
        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(200);

        AdminClient.local(server).consumer("oidc.test.rogue", "READ on Device");
        block("oidc.test.rogue");

        HttpResponse<String> refused = get(token, "/Organization/paris");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("oidc.test.rogue is blocked");
        assertThat(get(issuer.token("system/*.rs"), "/Organization/paris").statusCode())
                .isEqualTo(200);
    }

    @Test
    void blockedPerson_isRefusedWhateverApplicationSheUses() throws Exception {
        AdminClient admin = AdminClient.local(server);
        admin.consumer("oidc.test._zoe", "READ on Device");
        block("oidc.test._zoe");

        for (String application : List.of("portal", "till")) {
            String token = issuer.signed(issuer.claims(Instant.now(), "user/*.rs")
                    .claim("client_id", application)
                    .subject("zoe")
                    .build());
            HttpResponse<String> refused = get(token, "/Organization/paris");
            assertThat(refused.statusCode()).as(application).isEqualTo(401);
            assertThat(refused.body()).contains("oidc.test._zoe is blocked");
        }
        String ofAnApplication = issuer.signed(issuer.claims(Instant.now(), "system/*.rs")
                .claim("client_id", "zoe")
                .subject("zoe-service")
                .build());
        assertThat(get(ofAnApplication, "/Organization/paris").statusCode()).isEqualTo(200);
    }

    @Test
    void roleThatAClaimNames_allowsWhatItDoesNow() throws Exception {
        AdminClient admin = AdminClient.local(server);
        admin.done("PUT", "roles/of-paris", "{\"permissions\":[\"READ on Organization?address-postalcode=75001\"]}");
        String token = issuer.signed(issuer.claims(Instant.now(), "openid")
                .claim("groups", List.of("of-paris", "everything"))
                .build());

        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(200);
        assertThat(get(token, "/Organization/lyon").statusCode()).isEqualTo(404);
        admin.remove("roles/of-paris");
        assertThat(get(token, "/Organization/paris").statusCode()).isEqualTo(403);
    }

    @Test
    void quotaOfAnApplication_holdsForItsTokens() throws Exception {
        AdminClient admin = AdminClient.local(server);
        admin.consumer("oidc.test.eager", "READ on Device");
        admin.done("PUT", "consumers/oidc.test.eager/quota", "{\"quota\":1}");
        String token = issuer.signed(issuer.claims(Instant.now(), "system/*.rs")
                .claim("client_id", "eager")
                .build());

        int status = 200;
        for (int i = 0; i < 200 && status == 200; i++) {
            status = get(token, "/Organization/paris").statusCode();
        }
        assertThat(status).isEqualTo(429);
    }

    @Test
    void batch_doesNotAskForPagesOfTheServer() throws Exception {
        String batch = """
                {"resourceType":"Bundle","type":"batch","entry":[
                 {"request":{"method":"GET","url":".well-known/smart-configuration"}},
                 {"request":{"method":"GET","url":"metadata"}}]}""";

        HttpResponse<String> answer = Http.write("POST", server.uri("/fhir"), batch);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"501", "\"200", "smart-configuration is not offered in a bundle");
    }

    private void block(String consumer) throws Exception {
        HttpResponse<String> blocked = Http.send(
                "PUT",
                server.uri("/admin/api/consumers/" + consumer + "/blocked"),
                "{\"blocked\":true}".getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Content-Type",
                "application/json");
        assertThat(blocked.statusCode() / 100).as(blocked.body()).isEqualTo(2);
    }

    @Test
    void smartConfigurationAndMetadata_sayWhatTheIssuerSays() throws Exception {
        HttpResponse<String> page = Http.send("GET", server.uri("/fhir" + SMART));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(BsonDocument.parse(page.body()))
                .isEqualTo(BsonDocument.parse("""
                {"authorization_endpoint": "%s/authorize", "token_endpoint": "%s/token",
                 "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                 "grant_types_supported": ["client_credentials"],
                 "code_challenge_methods_supported": ["S256"],
                 "capabilities": ["permission-v1", "permission-v2", "permission-user", "client-confidential-asymmetric"]}
                """.formatted(issuer.url(), issuer.url())));
        assertThat(get(issuer.token("system/*.rs"), "/metadata").body())
                .contains("SMART-on-FHIR", "oauth-uris", issuer.url() + "/token");
        try (TestServer without = TestServer.start()) {
            assertThat(Http.send("GET", without.uri("/fhir" + SMART)).statusCode())
                    .isEqualTo(404);
            assertThat(Http.send("GET", without.uri("/fhir/metadata")).body()).doesNotContain("SMART");
        }
    }

    @Test
    void issuerThatIsAway_isOnlyFeltByItsOwnTokens(TestDatabase database) throws Exception {
        try (TestIssuer away = new TestIssuer();
                TestServer other =
                        TestServer.withAccess("access: {mode: token, issuers: [" + away.yaml("") + "]}", database)) {
            away.away = true;

            HttpResponse<String> refused = Http.send(
                    "GET", other.uri("/fhir/Organization"), "Authorization", "Bearer " + away.token("system/*.rs"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(Http.send("GET", other.uri("/fhir" + SMART)).statusCode())
                    .isEqualTo(503);
            HttpResponse<String> metadata =
                    Http.send("GET", other.uri("/fhir/metadata"), "Authorization", "Bearer " + TestServer.TOKEN);
            assertThat(metadata.statusCode()).isEqualTo(200);
            assertThat(metadata.body()).contains("SMART-on-FHIR").doesNotContain("oauth-uris");
        }
    }
}
