package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gateway on the same machine; what it may say in detail is in TrustedProxiesTest. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GatewayIT {
    private static final String[] FORWARDED = {
        "X-Forwarded-For", "203.0.113.9",
        "X-Forwarded-Proto", "https",
        "X-Forwarded-Host", "fhir.example.org",
        "X-Forwarded-Prefix", "/api"
    };
    private static final String ALL =
            "[Forwarded, X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Forwarded-Prefix]";
    private static final String OPEN = "access: {openBeyondLoopback: true}";
    private static final String PUBLIC = "https://fhir.example.org/api";

    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start(
                "listen: {port: 0, hosts: fhir.example.org, trustedProxies: [127.0.0.1, '::1', 10.0.0.0/8], forwardedHeaders: "
                        + ALL + "}\n" + OPEN);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void links_areThoseOfTheGateway() throws Exception {
        HttpResponse<String> created = Http.write(
                "PUT",
                server.uri("/fhir/Practitioner/p1"),
                "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}",
                FORWARDED);
        HttpResponse<String> found = Http.send("GET", server.uri("/fhir/Practitioner?_id=p1"), FORWARDED);

        assertThat(created.headers().firstValue("Location")).hasValue(PUBLIC + "/fhir/Practitioner/p1/_history/1");
        assertThat(found.body())
                .contains("\"url\":\"" + PUBLIC + "/fhir/Practitioner?_id=p1")
                .contains("\"fullUrl\":\"" + PUBLIC + "/fhir/Practitioner/p1\"");
        assertThat(Http.send("GET", server.uri("/fhir/metadata"), FORWARDED).body())
                .contains("\"url\":\"" + PUBLIC + "/fhir");
        assertThat(Http.send("GET", server.uri("/"), FORWARDED).body())
                .contains(
                        "\">" + PUBLIC + "/fhir</code>",
                        "href=\"/api/fhir/metadata?_format=json&amp;_pretty=true\"",
                        "href=\"/api/metrics\"");
    }

    @Test
    void forwarded_sayTheSame() throws Exception {
        String body = Http.send(
                        "GET",
                        server.uri("/fhir/Practitioner"),
                        "Forwarded",
                        "for=203.0.113.9;proto=https;host=\"fhir.example.org\", for=10.0.0.2")
                .body();

        assertThat(body).contains("\"url\":\"https://fhir.example.org/fhir/Practitioner");
    }

    /** References to the base that the client sees are our own. */
    @Test
    void reference_toThePublicBase_isStoredAsARelativeOne() throws Exception {
        Http.write(
                "PUT",
                server.uri("/fhir/PractitionerRole/r1"),
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"r1\",\"practitioner\":{\"reference\":\"" + PUBLIC
                        + "/fhir/Practitioner/p1\"}}",
                FORWARDED);

        assertThat(Http.send("GET", server.uri("/fhir/PractitionerRole/r1")).body())
                .contains("\"reference\":\"Practitioner/p1\"");
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-Host,  evil.example,       403",
        "Forwarded,         host=evil.example,  403",
        "Forwarded,         for=nonsense,       400",
        "X-Forwarded-Proto, gopher,             400",
        "X-Forwarded-Prefix, //evil.example,    400"
    })
    void nonsense_andHostsThatAreNotOurs_areRefused(String header, String value, int status) throws Exception {
        HttpResponse<String> refused = Http.send("GET", server.uri("/fhir/Practitioner"), header, value);

        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics()).isNotEmpty();
    }

    @Test
    void client_isLogged() throws Exception {
        assertThat(clientsLogged(server)).containsExactly("203.0.113.9");
    }

    @Test
    void headers_ofNoTrustedGateway_areIgnored() throws Exception {
        try (TestServer alone = TestServer.start("listen: {port: 0, trustedProxies: 10.0.0.0/8}\n" + OPEN)) {
            assertThat(Http.send("GET", alone.uri("/fhir/Practitioner"), FORWARDED)
                            .body())
                    .contains("\"url\":\"" + alone.base() + "/Practitioner")
                    .doesNotContain("fhir.example.org");
            assertThat(Http.send("GET", alone.uri("/fhir/Practitioner"), "Forwarded", "for=\"")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(clientsLogged(alone)).containsExactly("127.0.0.1");
        }
    }

    @Test
    void publicBase_standsInLinksWhateverTheGatewaySays() throws Exception {
        try (TestServer fixed = TestServer.start(
                "listen: {port: 0, trustedProxies: 127.0.0.1, publicBase: 'https://b.example/f'}\n" + OPEN)) {
            assertThat(Http.send("GET", fixed.uri("/fhir/Practitioner"), FORWARDED)
                            .body())
                    .contains("\"url\":\"https://b.example/f/Practitioner");
            assertThat(clientsLogged(fixed)).containsExactly("203.0.113.9");
        }
    }

    private static List<Object> clientsLogged(TestServer server) throws Exception {
        String id = UUID.randomUUID().toString();
        LoggedAccess log = LoggedAccess.begin();
        try {
            Http.send("GET", server.uri("/fhir/Practitioner/none"), withId(id));
            // The line is written when the answer has left, so it may come later than that.
            await().atMost(Duration.ofSeconds(30)).until(() -> !log.of(id).isEmpty());
            return log.of(id).stream()
                    .flatMap(event -> event.getKeyValuePairs().stream())
                    .filter(pair -> pair.key.equals("client"))
                    .map(pair -> pair.value)
                    .toList();
        } finally {
            log.end();
        }
    }

    private static String[] withId(String id) {
        String[] headers = Arrays.copyOf(FORWARDED, FORWARDED.length + 2);
        headers[FORWARDED.length] = "X-Request-Id";
        headers[FORWARDED.length + 1] = id;
        return headers;
    }
}
