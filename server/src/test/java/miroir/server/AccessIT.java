package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessIT {
    private static final byte[] BODY =
            "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void open_letsEveryoneReadAndOnlyTheTokenWrite() throws Exception {
        try (TestServer server = TestServer.start()) {
            assertThat(get(server).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = put(server);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(Outcome.of(refused).getIssueFirstRep().getCode().toCode())
                    .isEqualTo("login");
            assertThat(put(server, "Authorization", "Bearer wrong").statusCode())
                    .isEqualTo(401);
            assertThat(put(server, "Authorization", "Basic dTpw").statusCode()).isEqualTo(401);
            assertThat(get(server, "Authorization", "Bearer wrong").statusCode())
                    .isEqualTo(401);
            assertThat(put(server, "Authorization", "bearer " + TestServer.TOKEN)
                            .statusCode())
                    .isEqualTo(201);
            assertThat(put(server, "ESANTE-API-KEY", TestServer.TOKEN).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void answers_areKeptByNobodyWithoutAskingAgain_andForOneOnlyWhereATokenWasShown() throws Exception {
        try (TestServer server = TestServer.start()) {
            assertThat(caching(put(server, "ESANTE-API-KEY", TestServer.TOKEN))).isEqualTo("private, no-cache");
            assertThat(caching(get(server))).isEqualTo("no-cache");
            assertThat(caching(get(server, "If-None-Match", "W/\"1\""))).isEqualTo("no-cache");
            assertThat(caching(get(server, "ESANTE-API-KEY", TestServer.TOKEN))).isEqualTo("private, no-cache");
            for (String path : new String[] {"/fhir/Practitioner", "/fhir/metadata", "/fhir/_history"}) {
                assertThat(caching(Http.send("GET", server.uri(path)))).as(path).isEqualTo("no-cache");
            }
            assertThat(caching(put(server))).isEqualTo("no-store");
        }
    }

    private static String caching(HttpResponse<String> response) {
        return String.join(" and ", response.headers().allValues("Cache-Control"));
    }

    @Test
    void token_isNeededForEverything() throws Exception {
        try (TestServer server = TestServer.start("access: {mode: token}")) {
            assertThat(get(server).statusCode()).isEqualTo(401);
            assertThat(get(server, "ESANTE-API-KEY", TestServer.TOKEN).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void interaction_thatIsNotOffered_isRefusedAsSuchWithAndWithoutToken() throws Exception {
        try (TestServer server = TestServer.start("access: {mode: token}")) {
            for (String path : new String[] {"/fhir/$closure", "/fhir/Organization/$lookup"}) {
                assertThat(Http.send("GET", server.uri(path)).statusCode()).isEqualTo(501);
                assertThat(Http.send("GET", server.uri(path), "ESANTE-API-KEY", TestServer.TOKEN)
                                .statusCode())
                        .isEqualTo(501);
            }
        }
    }

    @Test
    void writable_letsLoopbackWrite_butNotThroughAProxy() throws Exception {
        try (TestServer server = TestServer.start("access: {writable: true}")) {
            assertThat(put(server).statusCode()).isEqualTo(201);
            assertThat(put(server, "X-Forwarded-For", "203.0.113.7").statusCode())
                    .isEqualTo(401);
        }
    }

    /** What a hostile page that is open on this machine can have a browser send without being asked whether it may. */
    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Origin, https://hostile.example",
        "Origin, http://localhost:1",
        "Origin, null"
    })
    void writable_pageOfAnotherSite_mayReadAndNotWrite(String header, String value) throws Exception {
        try (TestServer server = TestServer.start("access: {writable: true}")) {
            assertThat(put(server).statusCode()).isEqualTo(201);

            HttpResponse<String> refused =
                    Http.send("POST", server.uri("/fhir/Practitioner/p1/$erase"), new byte[0], header, value);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics()).contains(header, value);
            assertThat(put(server, header, value).statusCode()).isEqualTo(403);
            assertThat(get(server, header, value).statusCode()).isEqualTo(200);
            assertThat(put(server, header, value, "ESANTE-API-KEY", TestServer.TOKEN)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void writable_pageOfThisServer_mayWrite() throws Exception {
        try (TestServer server = TestServer.start("access: {writable: true}")) {
            String own = "http://127.0.0.1:" + server.port();
            assertThat(put(server, "Origin", own, "Sec-Fetch-Site", "same-origin")
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @Test
    void trace_isForTheTokenOnly() throws Exception {
        try (TestServer server = TestServer.start()) {
            assertThat(get(server, "X-Miroir-Trace", "1").headers().firstValue("Server-Timing"))
                    .isEmpty();
            assertThat(get(server, "X-Miroir-Trace", "1", "Authorization", "Bearer " + TestServer.TOKEN)
                            .headers()
                            .firstValue("Server-Timing"))
                    .hasValueSatisfying(timing -> assertThat(timing)
                            .contains("pipeline;dur=", "hapi;dur=", "parse;dur=", "store;dur=", "write;dur="));
        }
    }

    @Test
    void pages_sayWhatTheServerDoes() throws Exception {
        try (TestServer server = TestServer.start()) {
            get(server);
            HttpResponse<String> home = Http.send("GET", server.uri("/"));
            assertThat(home.body()).contains(server.base());
            assertThat(home.headers().firstValue("Content-Security-Policy")).isPresent();
            assertThat(Http.send("GET", server.uri("/health/live")).statusCode())
                    .isEqualTo(200);
            assertThat(Http.send("GET", server.uri("/health/ready")).body()).contains("up");
            assertThat(Http.send("GET", server.uri("/metrics")).body())
                    .contains(
                            "miroir_requests_total{interaction=\"search-type\",status=\"200\",type=\"Practitioner\"} 1")
                    .contains("miroir_request_seconds_bucket{interaction=\"search-type\"");
        }
    }

    @Test
    void publicBase_standsInLinksAndIsAnAllowedHost() throws Exception {
        String yaml = "listen: {port: 0, publicBase: 'https://fhir.example.org/base'}";
        try (TestServer server = TestServer.start(yaml)) {
            assertThat(get(server).body()).contains("https://fhir.example.org/base/Practitioner");
        }
    }

    private static HttpResponse<String> get(TestServer server, String... headers) throws Exception {
        return Http.send("GET", server.uri("/fhir/Practitioner"), headers);
    }

    private static HttpResponse<String> put(TestServer server, String... headers) throws Exception {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/fhir+json";
        return Http.send("PUT", server.uri("/fhir/Practitioner/p1"), BODY, all);
    }
}
