package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers are told about pages of other sites. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrossOriginIT {
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String PAGE = "https://app.example.org";

    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start(
                "access: {mode: token, origins: ['HTTPS://App.Example.org:443', 'http://localhost:3000']}");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static void assertSilent(HttpResponse<String> answer) {
        assertThat(answer.headers().map().keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control"));
    }

    private HttpResponse<String> ask(String method, String path, String origin, String... headers) throws Exception {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Origin";
        all[1] = origin;
        return Http.send(method, server.uri(path), all);
    }

    private HttpResponse<String> question(String path, String origin) throws Exception {
        return ask(
                "OPTIONS",
                path,
                origin,
                "Access-Control-Request-Method",
                "PUT",
                "Access-Control-Request-Headers",
                "authorization,if-match");
    }

    /** A browser shows no token with its question, and reading needs one here. */
    @ParameterizedTest
    @ValueSource(strings = {PAGE, "http://localhost:3000"})
    void question_ofAPageThatIsListed_isAnsweredWithoutAToken(String origin) throws Exception {
        HttpResponse<String> answer = question("/fhir/Practitioner/p1", origin);

        assertThat(answer.statusCode()).isEqualTo(204);
        HttpHeaders headers = answer.headers();
        assertThat(headers.firstValue(ALLOW_ORIGIN)).hasValue(origin);
        assertThat(headers.firstValue("Access-Control-Allow-Methods"))
                .hasValue("GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
        assertThat(List.of(headers.firstValue("Access-Control-Allow-Headers")
                        .orElseThrow()
                        .split(", ")))
                .contains("Authorization", "Content-Type", "If-Match", "If-None-Exist", "ESANTE-API-KEY", "Prefer");
        assertThat(headers.firstValue("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(headers.allValues("Vary")).contains("Origin");
    }

    @ParameterizedTest
    @CsvSource({
        "/fhir/metadata, 200",
        "/fhir/Practitioner/none, 404",
        "/fhir/Practitioner?nonsense=1, 400",
        "/fhir/Nonsense, 404"
    })
    void answers_areForPagesThatAreListed_errorsToo(String path, int status) throws Exception {
        HttpResponse<String> answer = ask("GET", path, PAGE, "Authorization", "Bearer " + TestServer.TOKEN);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue(ALLOW_ORIGIN)).hasValue(PAGE);
        assertThat(answer.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
                .contains("ETag", "Location", "X-Request-Id", "Retry-After");
    }

    @Test
    void write_ofAPageWithAToken_isDone_withoutOne_not() throws Exception {
        String body = "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}";

        HttpResponse<String> written = Http.write(
                "PUT", server.uri("/fhir/Practitioner/p1"), body, "Origin", PAGE, "Sec-Fetch-Site", "cross-site");
        HttpResponse<String> refused = ask("DELETE", "/fhir/Practitioner/p1", PAGE);

        assertThat(written.statusCode()).isEqualTo(201);
        assertThat(written.headers().firstValue(ALLOW_ORIGIN)).hasValue(PAGE);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue(ALLOW_ORIGIN)).hasValue(PAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hostile.example",
                "https://app.example.org.hostile.example",
                "https://hostile.example/https://app.example.org",
                "http://app.example.org",
                "https://app.example.org:8443",
                "http://localhost:3001",
                "null",
                "*"
            })
    void pages_ofOtherSites_areToldNothing(String origin) throws Exception {
        HttpResponse<String> question = question("/fhir/Practitioner/p1", origin);
        HttpResponse<String> answer = ask("GET", "/fhir/metadata", origin, "ESANTE-API-KEY", TestServer.TOKEN);

        assertThat(question.statusCode()).isEqualTo(401);
        assertSilent(question);
        assertSilent(answer);
        assertThat(answer.headers().allValues("Vary")).contains("Origin");
    }

    /** Administrators and operators come from this server's own pages. */
    @ParameterizedTest
    @ValueSource(strings = {"/", "/health/ready", "/metrics", "/admin/api/roles", "/admin/api/session"})
    void whatIsNoResource_isForNoOtherSite(String path) throws Exception {
        assertSilent(question(path, PAGE));
        assertSilent(ask("GET", path, PAGE, "Authorization", "Bearer " + TestServer.TOKEN));
    }

    @Test
    void metadata_saysThatPagesMayAsk() throws Exception {
        assertThat(ask("GET", "/fhir/metadata", PAGE, "ESANTE-API-KEY", TestServer.TOKEN)
                        .body())
                .contains("\"cors\":true");
    }

    @Test
    void asShipped_noPageMay() throws Exception {
        try (TestServer closed = TestServer.start()) {
            HttpResponse<String> answer = Http.send("GET", closed.uri("/fhir/metadata"), "Origin", PAGE);

            assertSilent(answer);
            assertThat(answer.body()).contains("\"cors\":false");
            assertThat(answer.headers().allValues("Vary")).doesNotContain("Origin");
        }
    }

    @Test
    void star_isForPagesOfAnySite() throws Exception {
        try (TestServer open = TestServer.start("access: {origins: '*'}")) {
            HttpResponse<String> answer =
                    Http.send("GET", open.uri("/fhir/Practitioner"), "Origin", "https://any.example");

            assertThat(answer.headers().firstValue(ALLOW_ORIGIN)).hasValue("*");
        }
    }
}
