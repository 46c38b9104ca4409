package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecurityHeadersIT {
    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
        Http.write("PUT", server.uri("/fhir/Practitioner/p1"), "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET     | /                                     | 200 | no-cache
            GET     | /health/live                          | 200 | no-store
            GET     | /health/ready                         | 200 | no-store
            GET     | /metrics                              | 200 | no-cache
            GET     | /nowhere                              | 404 | no-store
            POST    | /                                     | 405 | no-store
            GET     | /fhir/metadata                        | 200 | no-cache
            GET     | /fhir/Practitioner                    | 200 | no-cache
            GET     | /fhir/Practitioner/p1                 | 200 | no-cache
            GET     | /fhir/Practitioner/p1?_format=xml     | 200 | no-cache
            HEAD    | /fhir/Practitioner/p1                 | 200 | no-cache
            OPTIONS | /fhir/Practitioner                    | 204 | no-cache
            GET     | /fhir/_history                        | 200 | no-cache
            GET     | /fhir/Practitioner/none               | 404 | no-store
            GET     | /fhir/Practitioner?nonsense=1         | 400 | no-store
            GET     | /fhir/Practitioner/p1?_format=ttl     | 406 | no-store
            DELETE  | /fhir/Practitioner/p1                 | 401 | no-store
            PUT     | /fhir/Practitioner                    | 405 | no-store
            GET     | /fhir/$nonsense                       | 501 | no-store
            GET     | /fhir;x                               | 400 | no-store
            """)
    void answers_all_haveThem(String method, String path, int status, String caching) throws Exception {
        HttpResponse<String> answer = Http.send(method, server.uri(path));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        boolean isPage = method.equals("GET") && path.equals("/");
        assertSafe(answer.headers(), isPage ? "'self'" : "'none'", isPage ? "same-origin" : "no-referrer");
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly(caching);
    }

    @Test
    void answers_withoutABody_haveThem() throws Exception {
        HttpResponse<String> unchanged =
                Http.send("GET", server.uri("/fhir/Practitioner/p1"), "If-None-Match", "W/\"1\"");
        Http.write("PUT", server.uri("/fhir/Practitioner/p2"), "{\"resourceType\":\"Practitioner\",\"id\":\"p2\"}");
        HttpResponse<String> deleted = Http.write("DELETE", server.uri("/fhir/Practitioner/p2"), "");

        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertSafe(unchanged.headers(), "'none'", "no-referrer");
        assertThat(deleted.statusCode()).isLessThan(300);
        assertSafe(deleted.headers(), "'none'", "no-referrer");
    }

    /** They never come to the pipeline. */
    @Tag("own-container")
    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "GET / HTTP/9.9\r\nHost: localhost", "GET /../x HTTP/1.1\r\nHost: localhost"})
    void refusalsOfJetty_haveThem(String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write((request + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 ")
                    .contains("\r\nX-Content-Type-Options: nosniff\r\n")
                    .contains("\r\nReferrer-Policy: no-referrer\r\n")
                    .contains("frame-ancestors 'none'")
                    .contains("\r\nCache-Control: no-store\r\n")
                    .doesNotContainIgnoringCase("\r\nServer:")
                    .doesNotContainIgnoringCase("jetty");
        }
    }

    private static void assertSafe(HttpHeaders headers, String loads, String tells) {
        assertThat(headers.allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(headers.allValues("Referrer-Policy")).containsExactly(tells);
        assertThat(headers.allValues("Cross-Origin-Resource-Policy")).containsExactly("same-origin");
        assertThat(headers.allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("default-src " + loads, "frame-ancestors 'none'")
                .doesNotContain("script-src");
        assertThat(headers.allValues("Strict-Transport-Security")).isEmpty();
        assertThat(headers.map()).doesNotContainKeys("server", "x-powered-by");
    }
}
