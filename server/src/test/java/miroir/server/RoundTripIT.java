package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What goes in comes out, letter by letter, except {@code meta}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RoundTripIT {
    private static final String OBSERVATION = "{\"resourceType\":\"Observation\",\"id\":\"o1\",%s\"status\":\"final\","
            + "\"code\":{\"text\":\"Œdème 😀 \\\"quoted\\\"\"},\"valueQuantity\":{\"value\":1.10,\"unit\":\"µg\"},"
            + "\"_effectiveDateTime\":{\"extension\":[{\"url\":\"http://example.org/x\",\"valueDecimal\":-0.000}]}}";

    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void read_givesBackWhatWasWritten() throws Exception {
        Http.write("PUT", server.uri("/fhir/Observation/o1"), OBSERVATION.formatted(""));
        HttpResponse<String> read = Http.send("GET", server.uri("/fhir/Observation/o1"));

        assertThat(read.body().replaceFirst("\"meta\":\\{[^}]*},", "")).isEqualTo(OBSERVATION.formatted(""));
        assertThat(read.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/fhir+json"));
    }

    @Test
    void read_pretty_differsInSpaceOnly() throws Exception {
        Http.write("PUT", server.uri("/fhir/Observation/o1"), OBSERVATION.formatted(""));
        String plain = Http.send("GET", server.uri("/fhir/Observation/o1")).body();
        String pretty = Http.send("GET", server.uri("/fhir/Observation/o1?_pretty=true"))
                .body();

        assertThat(pretty.lines().count()).isGreaterThan(10);
        assertThat(tokens(pretty)).isEqualTo(tokens(plain));
    }

    @Test
    void write_packedWithGzip_isUnpacked() throws Exception {
        HttpResponse<String> created = Http.send(
                "PUT",
                server.uri("/fhir/Observation/o1"),
                gzip(OBSERVATION.formatted("")),
                "Content-Type",
                "application/fhir+json;charset=utf-8",
                "Content-Encoding",
                "gzip",
                "ESANTE-API-KEY",
                TestServer.TOKEN);

        assertThat(created.statusCode()).as(created.body()).isIn(200, 201);
    }

    @Test
    void write_thatUnpacksToTooMuch_isRefused() throws Exception {
        HttpResponse<String> refused = Http.send(
                "POST",
                server.uri("/fhir/Observation"),
                gzip(" ".repeat(20 << 20)),
                "Content-Type",
                "application/fhir+json",
                "Content-Encoding",
                "gzip",
                "Authorization",
                "Bearer " + TestServer.TOKEN);

        assertThat(refused.statusCode()).isEqualTo(413);
    }

    @Test
    void write_withAnEncodingThatIsNotKnown_isRefused() throws Exception {
        for (String encoding : new String[] {"br", "gzip"}) {
            HttpResponse<String> refused = Http.send(
                    "POST",
                    server.uri("/fhir/Observation"),
                    "{}".getBytes(StandardCharsets.UTF_8),
                    "Content-Type",
                    "application/fhir+json",
                    "Content-Encoding",
                    encoding,
                    "Authorization",
                    "Bearer " + TestServer.TOKEN);
            assertThat(refused.statusCode()).isEqualTo(encoding.equals("br") ? 415 : 400);
        }
    }

    @Test
    void answer_isPackedWhereTheClientUnpacks() throws Exception {
        HttpResponse<String> packed = Http.send("GET", server.uri("/fhir/metadata"), "Accept-Encoding", "gzip");

        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(String.join(",", packed.headers().allValues("Vary"))).containsIgnoringCase("accept-encoding");
    }

    private static String tokens(String json) throws Exception {
        StringBuilder tokens = new StringBuilder();
        try (var parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                tokens.append(parser.currentToken())
                        .append(' ')
                        .append(parser.getText())
                        .append('\n');
            }
        }
        return tokens.toString();
    }

    private static byte[] gzip(String text) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
