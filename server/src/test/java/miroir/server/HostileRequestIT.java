package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests that somebody wrote by hand, to have two servers read them in two ways, to reach what is not for them, or to bring the
 * server down. What RawSocketIT asks is not asked again. In the tables {@code ^} is the end of a line; {@code \\x} has an escape's meaning.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileRequestIT {
    private static final Pattern ANSWER = Pattern.compile("HTTP/1\\.1 [0-9]{3}");
    private static final Pattern INSIDE =
            Pattern.compile("\\tat |Exception|org\\.eclipse|java\\.|ca\\.uhn|miroir\\.[a-z]+\\.[a-zA-Z]|jetty");

    private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final String WRITE =
            "Authorization: Bearer " + TestServer.TOKEN + "^Content-Type: application/fhir+json^";

    private static final Pattern XML = Pattern.compile("(?im)^content-type: application/fhir\\+xml");

    private TestServer server;

    /**
     * What came of a request.
     *
     * @param cutOff whether the connection ended before all of it was sent
     */
    private record Sent(String answer, boolean cutOff) {}

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @AfterEach
    void serverLivesOn() throws Exception {
        assertThat(Http.send("GET", server.uri("/fhir/Practitioner?_summary=count"))
                        .statusCode())
                .isEqualTo(200);
    }

    /** Where the body ends is said in two ways, or in one that somebody else reads differently: what follows would be a request. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Content-Length: 4^Transfer-Encoding: chunked
            Transfer-Encoding: chunked^Content-Length: 4
            Content-Length: 4^Content-Length: 44
            Content-Length: 4^Content-Length: 4
            Content-Length: 4, 4
            Content-Length: +4
            Content-Length: -4
            Content-Length: 0x4
            Content-Length: 4 4
            Content-Length: 4e0
            Content-Length:
            Content-Length: 99999999999999999999
            Content-Length : 4
            Content-Length\\t: 4
            Transfer-Encoding: xchunked
            Transfer-Encoding: chunked, identity
            Transfer-Encoding: chunked, chunked
            Transfer-Encoding: identity
            Transfer-Encoding: chunked^Transfer-Encoding: chunked
            Transfer-Encoding: chunked^Transfer-Encoding: identity
            Transfer-Encoding : chunked
            Transfer-Encoding: \\x0bchunked
            Transfer-Encoding: "chunked"
            X-A: b^ Transfer-Encoding: chunked
            X-A: b^\\tfolded
            \\x20X-A: b
            X-A: b\\rX-B: c
            X-A: b\\x00c
            X-A: b\\x01c
            X\\x00A: b
            X A: b
            : b
            X-A
            X-A\\rTransfer-Encoding: chunked
            """)
    void framing_thatCanBeReadInTwoWays_isRefusedAndTheConnectionEnds(String headers) throws IOException {
        String smuggled = "GET /health/live HTTP/1.1^Host: localhost^^";

        String answer = send("POST /fhir/Practitioner/_search HTTP/1.1^Host: localhost^"
                + "Content-Type: application/x-www-form-urlencoded^" + headers + "^^0^^" + smuggled);

        assertRefused(answer);
    }

    /** Where it ends is clear, and so is that nobody takes it apart. */
    @Test
    void transferEncoding_besideChunks_isNotOffered() throws IOException {
        String answer = send("POST /fhir/Practitioner/_search HTTP/1.1^Host: localhost^Connection: close^"
                + "Content-Type: application/x-www-form-urlencoded^Transfer-Encoding: gzip, chunked^^0^^");

        assertRefused(answer);
        assertThat(answer).startsWith("HTTP/1.1 501").contains("gzip, chunked");
    }

    /** The body has begun, so the request is known. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            zz^a=b^0^^
            -1^a^0^^
            0x3^a=b^0^^
            3 x^a=b^0^^
            FFFFFFFFFFFFFFFFF^a=b^0^^
            80000000^a=b^0^^
            3^a=bXX0^^
            2^a=b^0^^
            """)
    void chunks_thatAreBroken_areRefusedAndTheConnectionEnds(String chunks) throws IOException {
        String smuggled = "GET /health/live HTTP/1.1^Host: localhost^^";

        String answer = send("POST /fhir/Practitioner/_search HTTP/1.1^Host: localhost^"
                + "Content-Type: application/x-www-form-urlencoded^Transfer-Encoding: chunked^^" + chunks + smuggled);

        assertRefused(answer);
    }

    @Test
    void chunkExtensions_thatNeverEnd_areRefused() throws IOException {
        Sent sent = sendBytes(unescaped("POST /fhir/Practitioner/_search HTTP/1.1^Host: localhost^"
                + "Content-Type: application/x-www-form-urlencoded^Transfer-Encoding: chunked^^" + "3;a="
                + "x".repeat(64 << 20)));

        // Where the connection is reset, the answer may be lost on its way.
        assertThat(sent.cutOff() || !sent.answer().isEmpty()).isTrue();
        if (!sent.answer().isEmpty()) {
            assertRefused(sent.answer());
        }
    }

    @Test
    void trailers_thatNeverEnd_areRefused() throws IOException {
        String answer = send("PUT /fhir/Practitioner/p1 HTTP/1.1^Host: localhost^" + WRITE
                + "Transfer-Encoding: chunked^^0^" + "X-A: b^".repeat(200_000) + "^");

        assertRefused(answer);
    }

    /** A server that took them would be read differently by a gateway which does not. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET /health/live HTTP/1.1\\nHost: localhost\\n\\n
            GET /health/live HTTP/1.1\\rHost: localhost\\r\\r
            GET\\t/health/live\\tHTTP/1.1^Host: localhost^^
            GET /health/live HTTP/1.1 x^Host: localhost^^
            GET /health/live HTTP/1.1x^Host: localhost^^
            GET /health/live HTTP/2.0^Host: localhost^^
            GET /health/live^Host: localhost^^
            PRI * HTTP/2.0^^SM^^
            \\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03\\x03^^
            """)
    void requestLine_thatIsNotAsItShouldBe_isRefused(String request) throws IOException {
        assertRefused(send(request));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET http://localhost/fhir/Practitioner HTTP/1.1^Host: evil.example
            GET http://evil.example/fhir/Practitioner HTTP/1.1^Host: localhost
            GET http://evil.example/fhir/Practitioner HTTP/1.1^Host: evil.example
            GET http://user@localhost/fhir/Practitioner HTTP/1.1^Host: localhost
            GET http:///fhir/Practitioner HTTP/1.1^Host: localhost
            GET file:///etc/passwd HTTP/1.1^Host: localhost
            GET localhost:80 HTTP/1.1^Host: localhost
            GET * HTTP/1.1^Host: localhost
            GET fhir/Practitioner HTTP/1.1^Host: localhost
            GET ?_count=1 HTTP/1.1^Host: localhost
            CONNECT localhost:80 HTTP/1.1^Host: localhost
            CONNECT /fhir HTTP/1.1^Host: localhost
            OPTIONS * HTTP/1.1^Host: localhost
            TRACE /fhir/Practitioner HTTP/1.1^Host: localhost^Cookie: secret
            TRACE / HTTP/1.1^Host: localhost^Cookie: secret
            get /fhir/Practitioner HTTP/1.1^Host: localhost
            GET /fhir/Practitioner HTTP/1.1^Host: localhost^Host: evil.example
            GET /fhir/Practitioner HTTP/1.1^Host: localhost^Host: localhost
            GET /fhir/Practitioner HTTP/1.1^Host:
            GET /fhir/Practitioner HTTP/1.1^Host: localhost:80:80
            GET /fhir/Practitioner HTTP/1.1^Host: localhost:99999
            GET /fhir/Practitioner HTTP/1.1^Host: localhost:80/x
            GET /fhir/Practitioner HTTP/1.1^Host: user@localhost
            GET /fhir/Practitioner HTTP/1.1^Host: localhost evil.example
            GET /fhir/Practitioner HTTP/1.1^Host: localhost, evil.example
            GET /fhir/Practitioner HTTP/1.1^Host: localhost"><script>
            """)
    void target_orHostThatIsNotOurs_isRefused(String head) throws IOException {
        String answer = send(head + "^Connection: close^^");

        assertRefused(answer);
        assertThat(answer).doesNotContain("secret", "root:");
    }

    /** A scheme in the target is the client's word; links are made of how it really came. */
    @Test
    void absoluteTarget_ofThisServer_isAnswered_andItsSchemeIsNotBelieved() throws IOException {
        String answer = send("GET https://localhost/fhir/Practitioner HTTP/1.1^Host: localhost^Connection: close^^");

        assertThat(answer).startsWith("HTTP/1.1 200").contains("\"http://localhost/fhir/Practitioner");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /fhir/Practitioner/%c0%ae%c0%ae/Organization
            /fhir/Practitioner/%c0%af
            /fhir/Practitioner/%e0%80%af
            /fhir/Practitioner/%f8%80%80%80%af
            /fhir/Practitioner/%ed%a0%80
            /fhir/Practitioner/%u002e%u002e
            /fhir/Practitioner/\\xc0\\xaf
            /fhir/Practitioner/\\xff
            /fhir/Practitioner/%0d%0aSet-Cookie:%20a=b
            /fhir/Practitioner/%0a
            /fhir/Practitioner/p1%00.json
            /fhir/Practitioner;jsessionid=1/p1
            /fhir/Practitioner/p1;v=1
            /fhir/Practitioner/%252e%252e/Organization
            /fhir/%2e%2e/metrics
            /fhir/..%2f..%2fmetrics
            /fhir/Practitioner/..\\\\Organization
            /fhir/Practitioner?family=%00
            /fhir/Practitioner?family=%c0%af
            /fhir/Practitioner?family=%ff
            /fhir/Practitioner?%00=a
            /health/live;x
            /health/live%00
            /metrics/..;/fhir
            /fhir/Practitioner#x
            """)
    void path_thatHidesSomething_isRefused(String path) throws IOException {
        String answer = send("GET " + path + " HTTP/1.1^Host: localhost^Connection: close^^");

        assertRefused(answer);
        assertThat(answer).doesNotContain("Set-Cookie: a=b");
    }

    @Test
    void headers_thatAreMany_areRefused() throws IOException {
        assertRefused(send("GET /fhir/Practitioner HTTP/1.1^Host: localhost^" + "a: b^".repeat(100_000) + "^"));
        assertRefused(send("GET /fhir/Practitioner HTTP/1.1^Host: localhost^" + "x".repeat(1 << 20) + ": b^^"));
        assertRefused(send("A".repeat(1 << 20) + " / HTTP/1.1^Host: localhost^^"));
        assertRefused(send("GET /" + "x".repeat(1 << 20) + " HTTP/1.1^Host: localhost^^"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Content-Encoding: deflate                       | 415
            Content-Encoding: x-gzip                        | 415
            Content-Encoding: gzip, gzip                    | 415
            Content-Encoding: gzip^Content-Encoding: gzip   | 415
            Content-Encoding: identity^Content-Encoding: br | 415
            Expect: 200-ok                                  | 417
            """)
    void body_inAnEncodingThatIsNotKnown_isRefused(String headers, int status) throws IOException {
        String answer = send("PUT /fhir/Practitioner/p1 HTTP/1.1^Host: localhost^" + WRITE + headers
                + "^Connection: close^Content-Length: 2^^{}");

        assertRefused(answer);
        assertThat(answer).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void body_thatNestsWithoutEnd_isRefused() throws IOException {
        int depth = 1 << 20;
        assertRefused(put("application/fhir+json", "[".repeat(depth)));
        assertRefused(put("application/fhir+json", "{\"a\":".repeat(depth / 2)));
        assertRefused(put(
                "application/fhir+json",
                "{\"resourceType\":\"Practitioner\",\"id\":\"p1\",\"extension\":" + "[{\"extension\":".repeat(10_000)
                        + "1" + "}]".repeat(10_000) + "}"));
        assertRefused(put("application/fhir+xml", "<a>".repeat(depth)));
        assertRefused(put(
                "application/fhir+xml",
                "<Practitioner xmlns=\"http://hl7.org/fhir\">" + "<extension url=\"a\">".repeat(10_000)));
        assertRefused(put(
                "application/fhir+xml",
                "<Practitioner xmlns=\"http://hl7.org/fhir\"><text><div xmlns=\"http://www.w3.org/1999/xhtml\">"
                        + "<b>".repeat(10_000)));
    }

    /** Written out, each of these numbers would have a billion digits. */
    @Test
    void number_thatIsShortAndHuge_costsNothing() throws IOException {
        for (String number :
                new String[] {"1e1000000000", "1e-1000000000", "9".repeat(1 << 20), "1e99999999999999999999"}) {
            String answer = send(
                    "PUT /fhir/Observation/o1",
                    "application/fhir+json",
                    "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\",\"code\":{\"text\":\"x\"},"
                            + "\"valueQuantity\":{\"value\":" + number + "}}");

            assertRefused(answer);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Practitioner xmlns="http://hl7.org/fhir"><id value="&x;"/></Practitioner>
            <!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><Practitioner xmlns="http://hl7.org/fhir"/>
            <!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x">%x;]><Practitioner xmlns="http://hl7.org/fhir"/>
            <!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>
            <!DOCTYPE Practitioner><Practitioner xmlns="http://hl7.org/fhir"/>
            <Practitioner xmlns="http://hl7.org/fhir"><id value="&x;"/></Practitioner>
            <Practitioner xmlns="http://hl7.org/fhir"><include xmlns="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/></Practitioner>
            <?xml version="1.0" encoding="UTF-16"?><Practitioner xmlns="http://hl7.org/fhir"/>
            <?xml version="1.1"?><Practitioner xmlns="http://hl7.org/fhir"><id value="&#1;"/></Practitioner>
            <?xml-stylesheet href="http://127.0.0.1:1/x.xsl"?><a/>
            """)
    void xml_thatReachesOutOrGrows_isRefused(String xml) throws IOException {
        String answer = put("application/fhir+xml", xml);

        assertRefused(answer);
        assertThat(answer).doesNotContain("root:");
    }

    /** The same for the form of a patch, of a bundle and of parameters, which are read elsewhere. */
    @ParameterizedTest
    @CsvSource({
        "PATCH, /fhir/Practitioner/p1",
        "POST, /fhir",
        "POST, /fhir/Practitioner/$validate",
        "POST, /fhir/Practitioner/p1/$meta-add"
    })
    void xml_ofOtherInteractions_hasNoEntitiesEither(String method, String path) throws IOException {
        String answer = send(
                method + " " + path,
                "application/fhir+xml",
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                        + "<Parameters xmlns=\"http://hl7.org/fhir\"><id value=\"&x;\"/></Parameters>");

        assertThat(answer).doesNotContain("root:");
        assertRefused(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"resourceType":"Practitioner","id":"p1","name":[{"family":"\\xc0\\xaf"}]}
            {"resourceType":"Practitioner","id":"p1","name":[{"family":"\\xed\\xa0\\x80"}]}
            {"resourceType":"Practitioner","id":"p1","name":[{"family":"\\xff"}]}
            {"resourceType":"Practitioner","id":"p1","name":[{"family":"\\ud800"}]}
            {"resourceType":"Practitioner","id":"p1","name":[{"family":"\\u0000"}]}
            \\xff\\xfe{\\x00}\\x00
            {"resourceType":"Practitioner","id":"p1"}{"resourceType":"Practitioner","id":"p1"}
            {"resourceType":"Practitioner","id":"p1","$where":"1"}
            {"resourceType":"Practitioner","id":"p1","__proto__":{}}
            """)
    void json_thatIsNoCleanText_isRefused(String json) throws IOException {
        assertRefused(put("application/fhir+json", json));
    }

    private String put(String type, String body) throws IOException {
        return send("PUT /fhir/Practitioner/p1", type, body);
    }

    private String send(String line, String type, String body) throws IOException {
        String bytes = unescaped(body);
        return send(unescaped(line + " HTTP/1.1^Host: localhost^Authorization: Bearer " + TestServer.TOKEN
                        + "^Content-Type: " + type + "^Connection: close^Content-Length: " + bytes.length() + "^^")
                + bytes);
    }

    /** One answer, which says why to people and nothing about the inside, and after which nothing more is read. */
    private static void assertRefused(String answer) {
        assertThat(answer).matches("(?s)HTTP/1\\.1 (4[0-9]{2}|50[15]) .*");
        assertThat(ANSWER.matcher(answer).results().count()).as(answer).isEqualTo(1);
        int end = answer.indexOf("\r\n\r\n");
        String body = answer.substring(end + 4);
        assertThat(body).doesNotContainPattern(INSIDE);
        if (XML.matcher(answer.substring(0, end)).find()) {
            assertThat(body).contains("<OperationOutcome", "<issue>");
        } else {
            assertThat(Outcome.of(body).getIssue()).isNotEmpty();
        }
    }

    private String send(String request) throws IOException {
        return sendBytes(unescaped(request)).answer();
    }

    /** Everything until the server closes. What is written after it has closed is lost, and its answer may be there all the same. */
    private Sent sendBytes(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            boolean cutOff = false;
            try {
                out.write(request.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                socket.shutdownOutput();
            } catch (IOException closedEarly) {
                // The answer may be there already.
                cutOff = true;
            }
            return new Sent(read(socket), cutOff);
        }
    }

    private static String read(Socket socket) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(read);
        } catch (SocketException reset) {
            // Closed while we still sent; what was read counts.
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    private static String unescaped(String text) {
        String lines = text.replace("^", "\r\n")
                .replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t");
        return BYTE.matcher(lines)
                .replaceAll(
                        found -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(found.group(1), 16))));
    }
}
