package miroir.server.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import miroir.index.structure.Structures;
import miroir.index.xml.ValidResource;
import miroir.server.Http;
import miroir.server.TestServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A resource of every type of R4 goes into the server as JSON and is read back as it was sent. It comes out as XML, goes
 * in as that, once in its own place and once as another resource: in its own place the server finds nothing changed and
 * makes no version, and the other is what was sent at first as well, token by token.
 */
@Tag("long")
final class EveryTypeInBothFormatsIT {
    private static final int OF_EACH_TYPE = 2;
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());
    private static final String JSON = "application/fhir+json";
    private static final String XML = "application/fhir+xml";

    @Test
    void everyType_thereAndBackInBothFormats_isWhatWasSent() throws Exception {
        ValidResource resources = new ValidResource(new Random(SEED));
        try (TestServer server = TestServer.ofEveryType()) {
            for (String type : Structures.r4().resourceTypes()) {
                for (int i = 0; i < OF_EACH_TYPE; i++) {
                    goAround(server.uri("/fhir/" + type + "/"), "r" + i, resources.json(type, "r" + i));
                }
            }
        }
    }

    private static void goAround(URI type, String id, String sent) throws Exception {
        String description = "seed " + SEED + ": " + sent;
        URI uri = type.resolve(id);
        assertThat(put(uri, JSON, sent).statusCode()).as(description).isEqualTo(201);
        assertRead(uri, sent, description);

        String xml = get(uri, XML);
        HttpResponse<String> again = put(uri, XML, xml);
        assertThat(again.statusCode()).as("%s: %s", description, again.body()).isEqualTo(200);
        assertThat(again.headers().firstValue("ETag")).as(description).contains("W/\"1\"");

        String other = "x-" + id;
        String moved = xml.replaceFirst("<id value=\"" + id + "\"/>", "<id value=\"" + other + "\"/>");
        HttpResponse<String> created = put(type.resolve(other), XML, moved);
        assertThat(created.statusCode())
                .as("%s: %s", description, created.body())
                .isEqualTo(201);
        assertRead(type.resolve(other), sent.replaceFirst('"' + id + '"', '"' + other + '"'), description);
    }

    private static void assertRead(URI uri, String sent, String description) throws Exception {
        assertThat(KeptTokens.of(get(uri, JSON))).as(description).isEqualTo(KeptTokens.of(sent));
    }

    private static String get(URI uri, String format) throws Exception {
        HttpResponse<String> read = Http.send("GET", uri, "Accept", format);
        assertThat(read.statusCode()).as("%s: %s", uri, read.body()).isEqualTo(200);
        return read.body();
    }

    private static HttpResponse<String> put(URI uri, String format, String body) throws Exception {
        return Http.send(
                "PUT",
                uri,
                body.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Content-Type",
                format);
    }
}
