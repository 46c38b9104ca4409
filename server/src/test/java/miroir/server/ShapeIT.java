package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import miroir.index.generated.Proves;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Practitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of resources in answers, and never in the store. */
@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class ShapeIT {
    private static final String PRACTITIONER = """
            {"resourceType":"Practitioner","id":"%s","meta":{"tag":[{"system":"http://t","code":"kept"}]},
             "text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">Anna</div>"},
             "active":true,"name":[{"family":"Exemple"}],"birthDate":"1970-01-01",
             "qualification":[{"code":{"text":"physician"}}]}""";

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
        for (String id : new String[] {"p1", "p2", "p3"}) {
            Http.write("PUT", server.uri("/fhir/Practitioner/" + id), PRACTITIONER.formatted(id));
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            _summary=true                  | true  | id,meta,active,name,birthDate
            _summary=text                  | true  | id,meta,text
            _summary=data                  | true  | id,meta,active,name,birthDate,qualification
            _summary=false                 | false | id,meta,text,active,name,birthDate,qualification
            _elements=name,birthDate       | true  | id,meta,name,birthDate
            _elements=Practitioner.name    | true  | id,meta,name
            _elements=name&_pretty=true    | true  | id,meta,name
            _elements=id                   | true  | id,meta
            """)
    @Proves({"_summary=true", "_summary=text", "_summary=data", "_summary=false", "_elements"})
    void readAndSearch_ofParts_answerThemWithTheTag(String query, boolean tagged, String elements) throws Exception {
        HttpResponse<String> read = Http.send("GET", server.uri("/fhir/Practitioner/p1?" + query));
        Bundle found = bundle(Http.send("GET", server.uri("/fhir/Practitioner?_id=p1&" + query)));

        Practitioner practitioner = read(Practitioner.class, read.body());
        assertThat(read.headers().firstValue("ETag")).hasValue("W/\"1\"");
        assertThat(names(practitioner)).isEqualTo(elements);
        assertThat(practitioner.getMeta().getTag())
                .extracting(tag -> tag.getCode())
                .containsExactly(tagged ? new String[] {"kept", "SUBSETTED"} : new String[] {"kept"});
        assertThat(json(found.getEntryFirstRep().getResource())).isEqualTo(json(practitioner));
        assertThat(found.getLink("self").getUrl())
                .contains(query.replaceAll("&.*", "").replace("Practitioner.", ""));
        assertThat(Http.send("GET", server.uri("/fhir/Practitioner/p1")).body()).doesNotContain("SUBSETTED");
    }

    private static String json(IBaseResource resource) {
        return FhirContext.forR4Cached().newJsonParser().encodeResourceToString(resource);
    }

    private static String names(Practitioner practitioner) {
        return practitioner.children().stream()
                .filter(child -> child.hasValues())
                .map(child -> child.getName())
                .collect(Collectors.joining(","));
    }

    @Test
    void search_ofParts_keepsThemOnEveryPage() throws Exception {
        URI next = server.uri("/fhir/Practitioner?_count=1&_elements=name");
        for (int page = 0; page < 3; page++) {
            Bundle bundle = bundle(Http.send("GET", next));

            assertThat(names((Practitioner) bundle.getEntryFirstRep().getResource()))
                    .isEqualTo("id,meta,name");
            next = page == 2 ? next : URI.create(bundle.getLink("next").getUrl());
        }
    }

    @Test
    @Proves("_summary=count")
    void search_ofCount_answersTheTotalOnly() throws Exception {
        Bundle bundle = bundle(Http.send("GET", server.uri("/fhir/Practitioner?_summary=count&_count=2")));

        assertThat(bundle.getTotal()).isEqualTo(3);
        assertThat(bundle.getEntry()).isEmpty();
        assertThat(bundle.getLink("next")).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            _summary=yes                      | true, text, data
            _summary=                         | true, text, data
            _summary=true&_summary=true       | twice
            _summary=true&_elements=name      | cannot be combined
            _elements=nme                     | did you mean "name"
            _elements=name,                   | is not an element
            _elements=                        | is not an element
            _elements=name.family             | those of the root: name
            _elements=Organization.name       | is not an element of Practitioner
            """)
    void parts_thatAreNotUnderstood_areRefused(String query, String said) throws Exception {
        for (String path : new String[] {"/fhir/Practitioner/p1?", "/fhir/Practitioner?"}) {
            HttpResponse<String> refused = Http.send("GET", server.uri(path + query));

            assertThat(refused.statusCode()).as(path).isEqualTo(400);
            assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics()).contains(said);
        }
    }

    @Test
    void summaryCount_ofARead_isRefused() throws Exception {
        HttpResponse<String> refused = Http.send("GET", server.uri("/fhir/Practitioner/p1?_summary=count"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics()).contains("_summary=count");
    }

    @Test
    void elements_thatAreUnknownToALenientClient_areListed() throws Exception {
        HttpResponse<String> answer = Http.send(
                "GET", server.uri("/fhir/Practitioner?_id=p1&_elements=nme,birthDate"), "Prefer", "handling=lenient");
        Bundle bundle = bundle(answer);

        assertThat(answer.headers().firstValue("Preference-Applied")).hasValue("handling=lenient");
        assertThat(names((Practitioner) bundle.getEntryFirstRep().getResource()))
                .isEqualTo("id,meta,birthDate");
        assertThat(bundle.getLink("self").getUrl()).endsWith("_elements=birthDate");
        assertThat(answer.body()).contains("ignored: \\\"nme\\\" is not an element of Practitioner");
    }

    @Test
    @Proves("parts are tagged SUBSETTED, and refused as updates")
    void write_ofAPart_isRefused() throws Exception {
        String part = Http.send("GET", server.uri("/fhir/Practitioner/p1?_summary=true"))
                .body();

        HttpResponse<String> updated = Http.write("PUT", server.uri("/fhir/Practitioner/p1"), part);
        HttpResponse<String> created = Http.write("POST", server.uri("/fhir/Practitioner"), part);

        assertThat(updated.statusCode()).isEqualTo(422);
        assertThat(created.statusCode()).isEqualTo(422);
        assertThat(Outcome.of(updated).getIssueFirstRep().getExpression().get(0).getValue())
                .isEqualTo("Practitioner.meta.tag");
    }

    @Test
    void summary_whereItMeansNothing_isRefused() throws Exception {
        assertThat(Http.send("GET", server.uri("/fhir/metadata?_summary=true")).statusCode())
                .isEqualTo(501);
        assertThat(Http.write("PUT", server.uri("/fhir/Practitioner/p9?_summary=true"), PRACTITIONER.formatted("p9"))
                        .statusCode())
                .isEqualTo(501);
    }

    private static Bundle bundle(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return read(Bundle.class, response.body());
    }

    private static <T extends IBaseResource> T read(Class<T> type, String json) {
        return FhirContext.forR4Cached().newJsonParser().parseResource(type, json);
    }
}
