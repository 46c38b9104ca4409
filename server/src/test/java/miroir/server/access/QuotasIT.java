package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is counted, over HTTP. What is allowed after how long is in QuotasTest, where no time passes by itself. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QuotasIT {
    /** More than a quota of one in a second gives, however slow this machine is. */
    private static final int MANY = 300;

    private TestServer server;
    private AdminClient admin;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("""
                listen: {port: 0, trustedProxies: 127.0.0.1}
                access: {mode: token}
                limits: {addressRate: 1}
                """, database);
        admin = AdminClient.local(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String client, String path, String... headers) throws Exception {
        return get(server, client, path, headers);
    }

    private static HttpResponse<String> get(TestServer server, String client, String path, String... headers)
            throws Exception {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "X-Forwarded-For";
        all[1] = client;
        return Http.send("GET", server.uri(path), all);
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    /** Asks until it is refused; returns that. */
    private HttpResponse<String> untilThrottled(String client, String path, String... headers) throws Exception {
        for (int i = 0; i < MANY; i++) {
            HttpResponse<String> answer = get(client, path, headers);
            if (answer.statusCode() == 429) {
                assertThat(i).as("requests before").isGreaterThanOrEqualTo(9);
                return answer;
            }
        }
        throw new AssertionError("none of " + MANY + " was too many");
    }

    @Test
    void wrongToken_is401_andThen429() throws Exception {
        assertThat(get("192.0.2.1", "/fhir/Device/d", bearer("miroir_guess")).statusCode())
                .isEqualTo(401);

        HttpResponse<String> refused = untilThrottled("192.0.2.1", "/fhir/Device/d", bearer("miroir_guess"));

        assertThat(refused.headers().firstValue("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isPositive());
        assertThat(refused.body())
                .contains("\"OperationOutcome\"", "\"throttled\"", "the address 192.0.2.1", "limits.addressRate");
        assertThat(Http.send("GET", server.uri("/metrics")).body())
                .contains("miroir_throttled_total{counted=\"address\"}");
        assertThat(get("192.0.2.2", "/fhir/Device/d", bearer("miroir_guess")).statusCode())
                .as("another client of the same gateway")
                .isEqualTo(401);
        assertThat(get("192.0.2.1", "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void session_thatIsGuessed_isNotLookedUpBeyondTheQuota() throws Exception {
        HttpResponse<String> refused =
                untilThrottled("192.0.2.5", "/admin/api/session", bearer("miroir_session_guess"));

        assertThat(refused.body()).contains("limits.addressRate");
    }

    @Test
    void expiredOrMissingToken_headAndOptions_areCountedToo() throws Exception {
        untilThrottled("192.0.2.6", "/fhir/Device/d");

        for (String method : new String[] {"HEAD", "OPTIONS", "POST"}) {
            assertThat(Http.send(method, server.uri("/fhir/Device"), "X-Forwarded-For", "192.0.2.6")
                            .statusCode())
                    .as(method)
                    .isEqualTo(429);
        }
    }

    @Test
    void consumer_isNotCountedByItsAddress() throws Exception {
        String token = admin.consumer("busy", "READ on *");
        untilThrottled("192.0.2.7", "/fhir/Device/d", bearer("miroir_guess"));

        for (int i = 0; i < 30; i++) {
            assertThat(get("192.0.2.7", "/fhir/Device/d", bearer(token)).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void quotaOfAConsumer_isChangedWhileItAsks() throws Exception {
        String token = admin.consumer("limited", "READ on *");
        String other = admin.token("limited");
        for (int i = 0; i < 30; i++) {
            assertThat(get("192.0.2.8", "/fhir/Device/d", bearer(token)).statusCode())
                    .isEqualTo(404);
        }

        admin.done("PUT", "consumers/limited/quota", "{\"quota\":1}");
        HttpResponse<String> refused = untilThrottled("192.0.2.8", "/fhir/Device/d", bearer(token));

        assertThat(refused.body()).contains("consumer/limited", "has a quota of 1 requests per second (its own)");
        assertThat(get("192.0.2.9", "/fhir/Device/d", bearer(other)).statusCode())
                .as("with another token, from elsewhere")
                .isEqualTo(429);
        assertThat(admin.done("GET", "consumers/limited", "").getInt32("quota").getValue())
                .isEqualTo(1);
        admin.done("PUT", "consumers/limited/blocked", "{\"blocked\":false}");
        admin.done("PUT", "consumers/limited", "{\"roles\":[\"limited\"],\"contact\":\"c\"}", "If-Match", version());
        assertThat(admin.done("GET", "consumers/limited", "").getInt32("quota").getValue())
                .as("after changes of something else")
                .isEqualTo(1);

        admin.done("PUT", "consumers/limited/quota", "{\"quota\":null}");
        for (int i = 0; i < 30; i++) {
            assertThat(get("192.0.2.8", "/fhir/Device/d", bearer(token)).statusCode())
                    .isEqualTo(404);
        }
    }

    private String version() throws Exception {
        return admin.get("consumers/limited").headers().firstValue("ETag").orElseThrow();
    }

    @Test
    void quota_thatIsNone_isRefused() throws Exception {
        admin.consumer("any", "READ on *");

        for (String quota : new String[] {"0", "-1", "100001", "1.5", "\"50\"", "99999999999"}) {
            HttpResponse<String> refused = admin.send("PUT", "consumers/any/quota", "{\"quota\":" + quota + "}");
            assertThat(refused.statusCode()).as(quota).isEqualTo(400);
            assertThat(refused.body()).as(quota).contains("quota");
        }
        assertThat(admin.send("PUT", "consumers/nobody/quota", "{\"quota\":5}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void bundle_isDoneWhole_andItsEntriesAreOwed() throws Exception {
        String token = admin.consumer("bundles", "READ on *");
        admin.done("PUT", "consumers/bundles/quota", "{\"quota\":1}");
        String entries = IntStream.range(0, 200)
                .mapToObj(i -> "{\"request\":{\"method\":\"GET\",\"url\":\"Device/d\"}}")
                .collect(Collectors.joining(","));
        String bundle = "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" + entries + "]}";

        HttpResponse<String> answer = Http.send(
                "POST",
                server.uri("/fhir"),
                bundle.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                "application/fhir+json");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().split("\"404", -1)).hasSizeGreaterThan(200);
        HttpResponse<String> next = get("192.0.2.10", "/fhir/Device/d", bearer(token));
        assertThat(next.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(next.headers().firstValue("Retry-After").orElseThrow()))
                .as("a minute at most")
                .isBetween(20, 61);
    }

    /** A header from somebody who is no gateway is nothing but his word, and says at least that this machine did not ask by itself. */
    @Test
    void clientThatNoTrustedGatewayNames_isTheOtherEndOfTheConnection(TestDatabase database) throws Exception {
        try (TestServer direct = TestServer.withAccess("limits: {addressRate: 1}", database)) {
            int refused = 0;
            for (int i = 0; i < MANY && refused == 0; i++) {
                HttpResponse<String> answer = get(direct, "203.0.113." + i % 250, "/fhir/Device/d");
                if (answer.statusCode() == 429) {
                    refused++;
                    assertThat(answer.body()).contains("the address 127.0.0.1");
                }
            }
            assertThat(refused).isEqualTo(1);
            for (int i = 0; i < 30; i++) {
                assertThat(Http.send("GET", direct.uri("/fhir/Device/d")).statusCode())
                        .as("this machine itself")
                        .isEqualTo(404);
            }
        }
    }
}
