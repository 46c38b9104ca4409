package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;

/** What no client library would send. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RawSocketIT {
    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /fhir/Practitioner/%zz HTTP/1.1             | 400
            GET /fhir/Practitioner/%C3 HTTP/1.1             | 400
            GET /fhir/Practitioner/%00 HTTP/1.1             | 400
            GET /fhir/Practitioner?family=%zz HTTP/1.1      | 400
            GET /fhir/Practitioner?family=% HTTP/1.1        | 400
            GET /fhir/Practitioner/a%2Fb HTTP/1.1           | 400
            GET /fhir/Practitioner/../../etc HTTP/1.1       | 400
            GET /fhir/Practitioner/..;/x HTTP/1.1           | 400
            GET /../etc/passwd HTTP/1.1                     | 400
            GET //fhir/Practitioner HTTP/1.1                | 400
            GET /fhir//Practitioner HTTP/1.1                | 400
            GET nonsense HTTP/1.1                           | 400
            GET /fhir/Practitioner HTTP/9.9                 | 505
            G@T /fhir/Practitioner HTTP/1.1                 | 400
            """)
    void requestLine_thatIsHostile_isRefusedWithAnOutcome(String requestLine, int status) throws IOException {
        String answer = send(requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(Outcome.of(body(answer)).getIssue()).isNotEmpty();
    }

    /** Each of them leads to the FHIR servlet in the eyes of the container, which must not skip the check of rights. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /%66hir/Organization/x
            /fhir;x/Organization/x
            /./fhir/Organization/x
            /health/../fhir/Organization/x
            /aaaa/metadata/../../fhir
            /fhir/Organization/%2e%2E/Practitioner
            /fhir/Organization/a%5Cb
            /fhir/Organization/a%252Fb
            /fhir/Organization/a%3Bb
            /fhir/./Organization
            /health/%6Cive
            """)
    void path_thatCanBeReadInTwoWays_isRefusedBeforeItIsRouted(String path) throws IOException {
        String answer = send("DELETE " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400");
        assertThat(Outcome.of(body(answer)).getIssueFirstRep().getCode().toCode())
                .isEqualTo("invalid");
    }

    @Test
    void url_thatIsTooLong_isRefusedWithAnOutcome() throws IOException {
        String answer =
                send("GET /fhir/Practitioner?family=" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 414").contains("16384", "limits.headers");
        assertThat(Outcome.of(body(answer)).getIssueFirstRep().getCode().toCode())
                .isEqualTo("too-long");
    }

    @Test
    void headers_thatAreTooLarge_areRefusedWithAnOutcome() throws IOException {
        String answer = send(
                "GET /fhir/Practitioner HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "x".repeat(20_000) + "\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 431")
                .contains("X-Content-Type-Options: nosniff", "16384", "limits.headers");
        assertThat(Outcome.of(body(answer)).getIssueFirstRep().getCode().toCode())
                .isEqualTo("too-long");
    }

    /** No part of the pipeline sees them: a request that is no HTTP, a URL that is too long, headers that are. */
    @ParameterizedTest
    @CsvSource({
        "400, GET nonsense HTTP/1.1, ''",
        "414, GET /fhir/Practitioner?family=, ''",
        "431, GET /fhir/Practitioner HTTP/1.1, X-Large: "
    })
    void refusalsOfTheHttpLayer_haveAnIdInAnswerAndLog(int status, String requestLine, String header)
            throws IOException {
        String large = "x".repeat(status == 400 ? 0 : 20_000);
        String request = status == 414
                ? requestLine + large + " HTTP/1.1\r\nHost: localhost\r\n\r\n"
                : requestLine + "\r\nHost: localhost\r\n" + header + large + (large.isEmpty() ? "\r\n" : "\r\n\r\n");
        LoggedAccess log = LoggedAccess.begin();
        String answer;
        try {
            answer = send(request);
        } finally {
            log.end();
        }

        Matcher id = Pattern.compile("\r\nX-Request-Id: ([0-9a-f]{16})\r\n").matcher(answer);
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(id.find()).as(answer).isTrue();
        assertThat(log.of(id.group(1)))
                .singleElement()
                .satisfies(line -> assertThat(line.getKeyValuePairs())
                        .contains(new KeyValuePair("interaction", "none"), new KeyValuePair("status", status)));
    }

    @Test
    void refusalsOfTheHttpLayer_areCountedAndNotTimed() throws Exception {
        try (TestServer fresh = TestServer.start()) {
            String headers = "X-Large: " + "x".repeat(20_000);
            Http.send("GET", fresh.uri("/health/live"));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fresh.port())) {
                socket.getOutputStream().write(get(headers).getBytes(StandardCharsets.ISO_8859_1));
                socket.getInputStream().readAllBytes();
            }

            assertThat(Http.send("GET", fresh.uri("/metrics")).body())
                    .contains("miroir_requests_total{interaction=\"none\",status=\"431\"")
                    .contains("miroir_request_seconds_count{interaction=\"page\"}")
                    .doesNotContain("miroir_request_seconds_count{interaction=\"none\"}");
        }
    }

    @Test
    void host_thatIsNotOurs_isRefused() throws IOException {
        String answer = send("GET /fhir/Practitioner HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 403");
        assertThat(body(answer)).contains("evil.example");
    }

    @Test
    void host_thatIsMissing_isRefused() throws IOException {
        assertThat(send("GET /fhir/Practitioner HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(send("GET /fhir/Practitioner HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("a Host header");
    }

    @Test
    void requestId_thatCannotStandInALogLine_isReplaced() throws IOException {
        String kept = send(get("X-Request-Id: abc-1.2_3"));
        String replaced = send(get("X-Request-Id: {\"a\":\"b\"}"));

        assertThat(kept).contains("X-Request-Id: abc-1.2_3\r\n");
        assertThat(replaced).containsPattern("X-Request-Id: [0-9a-f]{16}\r\n");
    }

    @Test
    void body_thatIsMuchTooLarge_isRefusedAndNotReadAtAll() throws IOException {
        String answer = send(post("/fhir/Practitioner", "Content-Length: 9000000"));

        assertThat(answer).startsWith("HTTP/1.1 413");
        assertThat(body(answer)).contains("4194304");
    }

    /** A client that reads nothing before it has sent all must not see a closed connection instead. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /fhir/Practitioner           | miroir_test-token | 5 | 413
            /fhir/Practitioner           | nobody's          | 3 | 401
            /fhir/Practitioner/_search   | miroir_test-token | 1 | 413
            /fhir/Patient                | miroir_test-token | 3 | 404
            /fhir/Practitioner/$nonsense | miroir_test-token | 3 | 501
            """)
    void body_ofARequestThatIsRefused_isReadToItsEnd(String path, String token, int megabytes, int status)
            throws IOException {
        String sent = " ".repeat(megabytes << 20);
        String headers = "Authorization: Bearer " + token + "\r\nContent-Type: "
                + (path.endsWith("_search") ? "application/x-www-form-urlencoded" : "application/fhir+json");
        String start = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
        String inChunks = start + "Transfer-Encoding: chunked\r\n\r\n"
                + ("100000\r\n" + " ".repeat(1 << 20) + "\r\n").repeat(megabytes) + "0\r\n\r\n";

        assertThat(sendAllAndReadThen(start + "Content-Length: " + sent.length() + "\r\n\r\n" + sent))
                .startsWith("HTTP/1.1 " + status);
        assertThat(sendAllAndReadThen(inChunks)).startsWith("HTTP/1.1 " + status);
    }

    /** Its answer does not wait for what it does not send. */
    @Test
    void body_thatNeverComes_isRefusedAtOnce() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(post("/fhir/Practitioner", "Content-Length: 5000000").getBytes(StandardCharsets.ISO_8859_1));

            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void form_thatGrowsTooLargeInChunks_isRefused() throws IOException {
        String chunk = "10000\r\n" + "a".repeat(1 << 16) + "\r\n";

        String answer = send("POST /fhir/Practitioner/_search HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + "application/x-www-form-urlencoded\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk.repeat(5)
                + "0\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413").contains("131072", "limits.form");
    }

    @Test
    void query_ofTooManyParameters_isRefused() throws IOException {
        String answer = send("GET /fhir/Practitioner?" + "family=a&".repeat(101)
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("101 parameters", "at most 100");
    }

    @Test
    void head_hasTheHeadersOfGetAndNoBody() throws IOException {
        String answer = send("HEAD /fhir/Practitioner HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200").containsPattern("Content-Length: [1-9]");
        assertThat(body(answer)).isEmpty();
    }

    private static String get(String header) {
        return "GET /fhir/Practitioner HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\nConnection: close\r\n\r\n";
    }

    private static String post(String path, String length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TestServer.TOKEN
                + "\r\nContent-Type: application/fhir+json\r\n" + length + "\r\n\r\n";
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    /** Everything until the server closes, or until it is silent. */
    private String send(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            try {
                out.write(request.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            } catch (IOException closedEarly) {
                // The answer may be there already.
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Fails where the server does not take all of it; the first line of the answer. */
    private String sendAllAndReadThen(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
