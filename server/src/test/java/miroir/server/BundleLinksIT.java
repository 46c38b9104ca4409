package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the entries of a transaction say of each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class BundleLinksIT {
    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> transaction(String... entries) throws Exception {
        return Http.write(
                "POST",
                server.uri("/fhir"),
                "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + String.join(",", entries) + "]}");
    }

    private String read(String key) throws Exception {
        return Http.send("GET", server.uri("/fhir/" + key)).body();
    }

    @Test
    void placeholder_ofWhatIsPatched_isWhatIsPatched() throws Exception {
        Http.write(
                "PUT",
                server.uri("/fhir/Organization/patched"),
                "{\"resourceType\":\"Organization\",\"id\":\"patched\",\"name\":\"a\"}");
        String patch =
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"operation\",\"part\":[{\"name\":\"type\",\"valueCode\":\"replace\"},"
                        + "{\"name\":\"path\",\"valueString\":\"Organization.name\"},{\"name\":\"value\",\"valueString\":\"b\"}]}]}";

        HttpResponse<String> done = transaction(
                "{\"fullUrl\":\"urn:uuid:6a2f1e6e-0a56-4c6e-9d0e-2f6f3d0c7b01\",\"resource\":" + patch
                        + ",\"request\":{\"method\":\"PATCH\",\"url\":\"Organization/patched\"}}",
                "{\"resource\":{\"resourceType\":\"PractitionerRole\",\"id\":\"at-patched\",\"organization\":{\"reference\":"
                        + "\"urn:uuid:6a2f1e6e-0a56-4c6e-9d0e-2f6f3d0c7b01\"}},\"request\":{\"method\":\"PUT\",\"url\":\"PractitionerRole/at-patched\"}}");

        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(read("PractitionerRole/at-patched")).contains("\"Organization/patched\"");
        assertThat(read("Organization/patched")).contains("\"name\":\"b\"");
    }

    @Test
    void relativeUrls_inAttachmentsAndNarratives_areThoseOfEntries() throws Exception {
        HttpResponse<String> done = transaction(
                "{\"fullUrl\":\"http://a.example/fhir/Practitioner/1\",\"resource\":{\"resourceType\":\"Practitioner\",\"active\":true},"
                        + "\"request\":{\"method\":\"POST\",\"url\":\"Practitioner\"}}",
                "{\"fullUrl\":\"http://a.example/fhir/Practitioner/2\",\"resource\":{\"resourceType\":\"Practitioner\",\"id\":\"linked\","
                        + "\"text\":{\"status\":\"additional\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">"
                        + "<a href=\\\"Practitioner/1\\\">x</a></div>\"},\"photo\":[{\"url\":\"Practitioner/1\"},{\"url\":\"a.png\"}]},"
                        + "\"request\":{\"method\":\"PUT\",\"url\":\"Practitioner/linked\"}}");

        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(read("Practitioner/linked"))
                .doesNotContain("Practitioner/1\"")
                .contains("\"a.png\"");
    }

    /** Systems, extensions and canonicals are called by addresses that may be fullUrls as well. */
    @Test
    void namesThatAreFullUrls_stayWhatTheyAre() throws Exception {
        String name = "http://a.example/fhir/Organization/name";
        HttpResponse<String> done = transaction(
                "{\"fullUrl\":\"" + name + "\",\"resource\":{\"resourceType\":\"Organization\",\"active\":true},"
                        + "\"request\":{\"method\":\"POST\",\"url\":\"Organization\"}}",
                "{\"resource\":{\"resourceType\":\"Organization\",\"id\":\"named\",\"extension\":[{\"url\":\"" + name
                        + "\",\"valueUrl\":\"" + name + "\"}],\"identifier\":[{\"system\":\"" + name
                        + "\",\"value\":\"1\"}],"
                        + "\"partOf\":{\"reference\":\"" + name
                        + "\"}},\"request\":{\"method\":\"PUT\",\"url\":\"Organization/named\"}}");

        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(read("Organization/named"))
                .contains("\"url\":\"" + name + "\"", "\"system\":\"" + name + "\"")
                .containsPattern("\"valueUrl\":\"Organization/[^\"]+\"")
                .containsPattern("\"reference\":\"Organization/[^\"]+\"");
    }

    /** The second has its number already, and whichever version that gets, it keeps its id. */
    @Test
    void versionsOfEntriesThatAreThere_areOfWhatTheyAreStoredAs() throws Exception {
        String entries =
                "{\"fullUrl\":\"%1$s\",\"resource\":{\"resourceType\":\"Organization\",\"identifier\":[{\"value\":\"there\"}]},"
                        + "\"request\":{\"method\":\"PUT\",\"url\":\"Organization?identifier=there\"}},"
                        + "{\"fullUrl\":\"http://a.example/fhir/Organization/of\",\"resource\":{\"resourceType\":\"Organization\",\"id\":\"of-there\","
                        + "\"partOf\":{\"reference\":\"%2$s/_history/1\"}},\"request\":{\"method\":\"PUT\",\"url\":\"Organization/of-there\"}}";
        Http.write(
                "PUT",
                server.uri("/fhir/Organization/there"),
                "{\"resourceType\":\"Organization\",\"id\":\"there\",\"identifier\":[{\"value\":\"there\"}]}");
        String urn = "urn:uuid:33333333-3333-4333-8333-333333333333";
        for (String sent : List.of(
                entries.formatted(urn, urn),
                entries.formatted("http://a.example/fhir/Organization/tmp", "Organization/tmp"))) {
            assertThat(transaction(sent).statusCode()).isEqualTo(200);
            assertThat(read("Organization/of-there")).contains("\"Organization/there/_history/1\"");
        }
    }

    @Test
    void ifNoneExist_besideAnythingButACreate_isRefused() throws Exception {
        HttpResponse<String> refused = transaction(
                "{\"resource\":{\"resourceType\":\"Device\",\"id\":\"d\"},\"request\":{\"method\":\"PUT\",\"url\":\"Device/d\","
                        + "\"ifNoneExist\":\"identifier=1\"}}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("ifNoneExist stands beside PUT Device/d");
        assertThat(Http.send("GET", server.uri("/fhir/Device/d")).statusCode()).isEqualTo(404);
    }
}
