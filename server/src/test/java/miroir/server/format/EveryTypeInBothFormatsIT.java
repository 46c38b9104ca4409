package miroir.server.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.structure.Structures;
import miroir.index.xml.ValidResource;
import miroir.server.Http;
import miroir.server.TestServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A resource of every type of R4 goes in as JSON, comes out as XML, and goes in as that. The server finds nothing changed
 * and makes no version, and the JSON is the same to the byte.
 */
@Tag("long")
final class EveryTypeInBothFormatsIT {
    private static final int OF_EACH_TYPE = 2;

    @Test
    void everyType_sentBackAsXml_isUnchanged() throws Exception {
        long seed = Long.getLong("miroir.seed", 20261127);
        ValidResource resources = new ValidResource(new Random(seed));
        var registry = RegistryLoader.load(Structures.r4().resourceTypes(), ShippedSearch.files());
        try (TestServer server = TestServer.start(registry)) {
            for (String type : Structures.r4().resourceTypes()) {
                for (int i = 0; i < OF_EACH_TYPE; i++) {
                    String sent = resources.json(type, "r" + i);
                    goAround(server.uri("/fhir/" + type + "/r" + i), sent, "seed " + seed + ": " + sent);
                }
            }
        }
    }

    private static void goAround(URI uri, String sent, String description) throws Exception {
        HttpResponse<String> created = Http.write("PUT", uri, sent);
        assertThat(created.statusCode())
                .as("%s: %s", description, created.body())
                .isEqualTo(201);
        HttpResponse<String> xml = Http.send("GET", uri, "Accept", "application/fhir+xml");
        assertThat(xml.statusCode()).as("%s: %s", description, xml.body()).isEqualTo(200);

        HttpResponse<String> updated = Http.send(
                "PUT",
                uri,
                xml.body().getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Content-Type",
                "application/fhir+xml",
                "Accept",
                "application/fhir+json");

        assertThat(updated.statusCode())
                .as("%s: %s", description, updated.body())
                .isEqualTo(200);
        assertThat(updated.headers().firstValue("ETag")).as(description).contains("W/\"1\"");
        assertThat(updated.body()).as(description).isEqualTo(created.body());
    }
}
