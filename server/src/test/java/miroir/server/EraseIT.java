package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class EraseIT {
    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> put(String id, String family) throws Exception {
        return Http.write(
                "PUT",
                server.uri("/fhir/Practitioner/" + id),
                "{\"resourceType\":\"Practitioner\",\"id\":\"" + id + "\",\"name\":[{\"family\":\"" + family + "\"}]}");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return Http.send("GET", server.uri("/fhir/Practitioner/" + path));
    }

    private HttpResponse<String> erase(String id, String body, String... headers) throws Exception {
        return Http.write("POST", server.uri("/fhir/Practitioner/" + id + "/$erase"), body, headers);
    }

    private static String said(HttpResponse<String> response) {
        return Outcome.of(response).getIssueFirstRep().getDiagnostics();
    }

    @Test
    void erase_ofAResource_leavesThatItWas() throws Exception {
        put("all", "Secret");
        put("all", "Secrète");
        HttpResponse<String> erased = erase("all", "");

        assertThat(erased.statusCode()).isEqualTo(200);
        assertThat(erased.headers().firstValue("ETag")).hasValue("W/\"3\"");
        assertThat(Outcome.of(erased).getIssueFirstRep().getSeverity())
                .isEqualTo(OperationOutcome.IssueSeverity.INFORMATION);
        assertThat(said(erased))
                .isEqualTo("Practitioner/all is erased as version 3: the content of 2 versions was removed for ever;"
                        + " the id cannot be written again");
        for (String path : new String[] {"all", "all/_history/1", "all/_history/2", "all/_history/3"}) {
            HttpResponse<String> read = get(path);
            assertThat(read.statusCode()).as(path).isEqualTo(410);
            assertThat(said(read)).matches("Practitioner/all was erased at .*Z, as version 3");
        }
        assertThat(get("all/_history/4").statusCode()).isEqualTo(404);
        assertThat(get("all/_history").body())
                .contains("\"total\":1", "\"method\":\"DELETE\"")
                .doesNotContain("\"resource\"");
        assertThat(get("_history").body()).doesNotContain("Secr");
    }

    @Test
    void erase_again_removesNothing() throws Exception {
        put("again", "a");
        erase("again", "");

        assertThat(said(erase("again", "")))
                .isEqualTo("Practitioner/again is erased as version 2: nothing was left to remove; the id cannot be"
                        + " written again");
    }

    @Test
    void put_ofAnErasedId_isRefused() throws Exception {
        put("taken", "a");
        erase("taken", "");
        HttpResponse<String> written = put("taken", "b");

        assertThat(written.statusCode()).isEqualTo(409);
        assertThat(said(written)).contains("Practitioner/taken was erased");
        assertThat(Http.write("DELETE", server.uri("/fhir/Practitioner/taken"), "")
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void erase_ofADeletedResource_removesWhatWasBefore() throws Exception {
        put("deleted", "a");
        Http.write("DELETE", server.uri("/fhir/Practitioner/deleted"), "");

        assertThat(said(erase("deleted", ""))).contains("erased as version 3", "the content of 1 version was removed");
        assertThat(get("deleted/_history/1").statusCode()).isEqualTo(410);
    }

    @Test
    void erase_byOneWhoMayNotWrite_isRefused() throws Exception {
        put("guarded", "a");
        HttpResponse<String> refused = Http.send("POST", server.uri("/fhir/Practitioner/guarded/$erase"));

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(said(refused)).contains("erase needs a token with the right ERASE");
        assertThat(get("guarded").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"x\",\"valueBoolean\":true}]}",
                "{\"resourceType\":\"Practitioner\"}",
                "{\"resourceType\":\"Parameters\""
            })
    void erase_withABodyThatAsksForMore_isRefused(String body) throws Exception {
        put("bodies", "a");
        HttpResponse<String> refused = erase("bodies", body);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(said(refused)).isNotBlank();
        assertThat(get("bodies").statusCode()).isEqualTo(200);
    }

    @Test
    void erase_withEmptyParameters_erases() throws Exception {
        put("parameters", "a");

        assertThat(erase("parameters", "{\"resourceType\":\"Parameters\"}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void erase_withACondition_isRefused() throws Exception {
        put("condition", "a");

        assertThat(erase("condition", "", "If-Match", "W/\"1\"").statusCode()).isEqualTo(501);
        assertThat(get("condition").statusCode()).isEqualTo(200);
    }
}
