package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.OperationOutcome.OperationOutcomeIssueComponent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients see where references have to be to something; IntegrityIT of the store has the races. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class ReferentialIntegrityIT {
    private static final String ROLE =
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"practitioner\":{\"reference\":\"Practitioner/%s\"}}";

    private DirectoryServer server;

    @BeforeAll
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        server = DirectoryServer.start(
                database,
                folder,
                "directory",
                Map.of("MIROIR_INTEGRITY_ON_WRITE", "refuse", "MIROIR_INTEGRITY_ON_DELETE", "refuse"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void write_withAReferenceToNothing_isAConflict() throws Exception {
        HttpResponse<String> refused = write("PUT", "/PractitionerRole/r1", ROLE.formatted("r1", "none"));

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        OperationOutcomeIssueComponent issue = Outcome.of(refused).getIssueFirstRep();
        assertThat(issue.getCode().toCode()).isEqualTo("conflict");
        assertThat(issue.getDiagnostics()).contains("\"Practitioner/none\"", "nothing that is there");
        assertThat(issue.getExpression().get(0).getValue()).isEqualTo("PractitionerRole.practitioner");
        assertThat(write("POST", "/PractitionerRole", ROLE.formatted("r1", "none"))
                        .statusCode())
                .isEqualTo(409);
        String absolute =
                ROLE.formatted("r1", "none").replace("Practitioner/none", server.base() + "/Practitioner/none");
        assertThat(write("PUT", "/PractitionerRole/r1", absolute).statusCode()).isEqualTo(409);
        String contained = ROLE.formatted("r1", "none").replace("Practitioner/none", "#none");
        assertThat(write("PUT", "/PractitionerRole/r1", contained).statusCode()).isEqualTo(422);
        assertThat(write(
                                "PUT",
                                "/PractitionerRole/r1",
                                ROLE.formatted("r1", "none").replace("Practitioner/", "Patient/"))
                        .statusCode())
                .isEqualTo(201);
    }

    /** No parameter of R4 selects any of these. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            extension | {"resourceType":"Organization","id":"x","extension":[{"url":"http://a","valueReference":{"reference":"Practitioner/ID"}}]}
            primitive | {"resourceType":"Organization","id":"x","name":"a","_name":{"extension":[{"url":"http://a","valueReference":{"reference":"Practitioner/ID/_history/1"}}]}}
            contained | {"resourceType":"Organization","id":"x","contained":[{"resourceType":"PractitionerRole","id":"c","practitioner":{"reference":"Practitioner/ID"}}],"partOf":{"reference":"#c"}}
            assigner | {"resourceType":"Practitioner","id":"x","qualification":[{"code":{"text":"a","extension":[{"url":"b","valueReference":{"reference":"Practitioner/ID"}}]}}]}
            """)
    void deletion_ofWhatIsReferredToFromAnywhere_isAConflict(String id, String json) throws Exception {
        server.put("Practitioner", id, "{\"resourceType\":\"Practitioner\",\"id\":\"" + id + "\"}");
        String referring = json.replace("Practitioner/ID", "Practitioner/" + id)
                .replace("\"id\":\"x\"", "\"id\":\"from-" + id + "\"");
        String type = referring.contains("\"resourceType\":\"Practitioner\"") ? "Practitioner" : "Organization";
        server.put(type, "from-" + id, referring);

        HttpResponse<String> refused = write("DELETE", "/Practitioner/" + id, "");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(refused.body()).contains(type + "/from-" + id);
        assertThat(Http.send("GET", server.uri("?_type=Organization,Practitioner&refers-to=Practitioner/" + id))
                        .body())
                .contains("from-" + id);
        assertThat(write("DELETE", "/" + type + "/from-" + id, "").statusCode()).isLessThan(300);
        assertThat(write("DELETE", "/Practitioner/" + id, "").statusCode()).isLessThan(300);
    }

    @Test
    void deletion_ofWhatIsReferredTo_isAConflict() throws Exception {
        server.put(
                "Practitioner",
                "p2",
                "{\"resourceType\":\"Practitioner\",\"id\":\"p2\",\"identifier\":[{\"value\":\"p2\"}]}");
        server.put("PractitionerRole", "r2", ROLE.formatted("r2", "p2"));

        for (HttpResponse<String> refused :
                List.of(write("DELETE", "/Practitioner/p2", ""), write("DELETE", "/Practitioner?identifier=p2", ""))) {
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
            assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics())
                    .contains("Practitioner/p2 is referred to by PractitionerRole/r2");
        }
        assertThat(write("DELETE", "/PractitionerRole/r2", "").statusCode()).isEqualTo(204);
        assertThat(write("DELETE", "/Practitioner/p2", "").statusCode()).isEqualTo(204);
    }

    /** Whoever asks to be forgotten does not have to wait until nobody mentions him. */
    @Test
    void erasure_ofWhatIsReferredTo_isDone() throws Exception {
        server.put("Practitioner", "p5", "{\"resourceType\":\"Practitioner\",\"id\":\"p5\"}");
        server.put("PractitionerRole", "r5", ROLE.formatted("r5", "p5"));

        assertThat(write("POST", "/Practitioner/p5/$erase", "").statusCode()).isEqualTo(200);
    }

    @Test
    void transaction_withBoth_isTaken() throws Exception {
        String created = """
                {"resourceType":"Bundle","type":"transaction","entry":[
                {"fullUrl":"urn:uuid:6a2f1e6e-0a56-4c6e-9d0e-2f6f3d0c7a01","resource":{"resourceType":"PractitionerRole","id":"r3",
                "practitioner":{"reference":"urn:uuid:6a2f1e6e-0a56-4c6e-9d0e-2f6f3d0c7a02"}},"request":{"method":"PUT","url":"PractitionerRole/r3"}},
                {"fullUrl":"urn:uuid:6a2f1e6e-0a56-4c6e-9d0e-2f6f3d0c7a02","resource":{"resourceType":"Practitioner","id":"p3"},
                "request":{"method":"PUT","url":"Practitioner/p3"}}]}""";
        assertThat(write("POST", "", created).statusCode()).isEqualTo(200);
        String one = """
                {"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Practitioner/p3"}}]}""";
        HttpResponse<String> refused = write("POST", "", one);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(refused.body()).contains("Practitioner/p3 is referred to by PractitionerRole/r3");
        String both = one.replace("]}", ",{\"request\":{\"method\":\"DELETE\",\"url\":\"PractitionerRole/r3\"}}]}");
        assertThat(write("POST", "", both).statusCode()).isEqualTo(200);
    }

    @Test
    void validate_asAWriteOrADeletion_saysWhatItWouldBeRefusedFor() throws Exception {
        server.put("Practitioner", "p4", "{\"resourceType\":\"Practitioner\",\"id\":\"p4\"}");
        server.put("PractitionerRole", "r4", ROLE.formatted("r4", "p4"));
        String role = "/PractitionerRole/r4/$validate?mode=";

        assertThat(issue("/PractitionerRole/$validate?mode=create", ROLE.formatted("r5", "none")))
                .isEqualTo("conflict: the reference \"Practitioner/none\" of");
        assertThat(issue(role + "update", ROLE.formatted("r4", "none")))
                .isEqualTo("conflict: the reference \"Practitioner/none\" of");
        assertThat(issue(role + "update", ROLE.formatted("r4", "none").replace("Practitioner/none", "#none"))
                        .substring(0, 9))
                .isEqualTo("structure");
        assertThat(issue(role + "update", ROLE.formatted("r4", "p4"), "If-Match", "W/\"7\""))
                .isEqualTo("conflict: PractitionerRole/r4 has version 1,");
        assertThat(issue("/Practitioner/p4/$validate?mode=delete", ""))
                .isEqualTo("conflict: Practitioner/p4 is referred to");
        assertThat(issue("/Practitioner/none/$validate?mode=delete", ""))
                .isEqualTo("not-found: Practitioner/none is not known");
        for (String fine : List.of(role + "update", "/PractitionerRole/$validate?mode=create")) {
            assertThat(issue(fine, ROLE.formatted("r4", "p4"))).isEqualTo("informational: no problem was found");
        }
        assertThat(issue(role + "delete", "")).isEqualTo("informational: no problem was found");
        assertThat(Outcome.of(Http.send("POST", server.uri(role + "delete")))
                        .getIssueFirstRep()
                        .getCode()
                        .toCode())
                .isEqualTo("login");
        assertThat(server.get("/PractitionerRole?practitioner=Practitioner/p4").body())
                .contains("\"total\":1", "\"versionId\":\"1\"");
    }

    /** Its code and the first words of it. */
    private String issue(String path, String body, String... headers) throws Exception {
        HttpResponse<String> found = Http.write("POST", server.uri(path), body, headers);
        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        OperationOutcomeIssueComponent issue = Outcome.of(found).getIssueFirstRep();
        return Stream.of(issue.getDiagnostics().split(" "))
                .limit(4)
                .collect(Collectors.joining(" ", issue.getCode().toCode() + ": ", ""));
    }

    @Test
    void metadata_saysIt() throws Exception {
        assertThat(server.get("/metadata").body()).contains("\"referencePolicy\":[\"literal\",\"enforced\"]");
    }

    private HttpResponse<String> write(String method, String path, String json) throws Exception {
        return Http.write(method, server.uri(path), json);
    }
}
