package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import miroir.index.Refusal;
import miroir.index.generated.Proves;
import miroir.index.store.ResourceStore;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake of a client has its status, its issue code and a sentence that names what is wrong. */
@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class RefusalIT {
    private static final String PRACTITIONER = "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}";

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
        Http.write("PUT", server.uri("/fhir/Practitioner/gone"), PRACTITIONER.replace("p1", "gone"));
        Http.write("DELETE", server.uri("/fhir/Practitioner/gone"), "");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET     | /fhir/Practitioner/none                    | 404 | not-found     | Practitioner/none
            GET     | /fhir/Practitioner/gone                    | 410 | deleted       | version 2
            GET     | /fhir/Nonsense                             | 404 | not-found     | Nonsense
            GET     | /fhir/Patient                              | 404 | not-found     | Patient is not served
            GET     | /fhir/Patient/1                            | 404 | not-found     | served: Practitioner
            GET     | /fhir/practitioner/1                       | 404 | not-found     | practitioner
            GET     | /nowhere                                   | 404 | not-found     | nothing is at "/nowhere"
            GET     | /health/nothing                            | 404 | not-found     | /health/live
            GET     | /metrics/x                                 | 404 | not-found     | /metrics
            GET     | /fhir/Practitioner/none/$meta              | 404 | not-found     | Practitioner/none is not known
            GET     | /fhir/Practitioner/gone/$meta              | 410 | deleted       | version 2
            GET     | /fhir/Practitioner/gone/_history/7/$meta   | 404 | not-found     | has no version "7"; the newest is 2
            GET     | /fhir/Practitioner/gone/$meta?x=1          | 400 | invalid       | "x"
            GET     | /fhir/Patient/$meta                        | 404 | not-found     | Patient is not served
            GET     | /fhir/Practitioner/1/2/$meta               | 404 | not-found     | Practitioner/1/2/$meta
            DELETE  | /fhir/$meta                                | 405 | not-supported | GET, HEAD, POST
            GET     | /fhir/Practitioner/gone/$meta-add          | 405 | not-supported | POST
            POST    | /fhir/Practitioner/gone/$meta-add          | 415 | not-supported | without Content-Type
            POST    | /fhir/Practitioner/gone/_history/1/$meta-add | 501 | not-supported | operation
            GET     | /fhir/Practitioner/1/2                     | 404 | not-found     | Practitioner/1/2
            GET     | /fhir/Practitioner/1/2/3/4                 | 404 | not-found     | Practitioner/1/2/3/4
            GET     | /fhir/Practitioner/a_b                     | 404 | not-found     | a_b
            GET     | /fhir/Practitioner/%C3%A9                  | 404 | not-found     | é
            GET     | /fhir/Practitioner/0123456789012345678901234567890123456789012345678901234567890123x | 404 | not-found | 64
            GET     | /fhir/Practitioner/1?family=x              | 400 | invalid       | family
            GET     | /fhir/metadata?_summary=true               | 501 | not-supported | _summary
            DELETE  | /fhir/Practitioner/1?_elements=name        | 501 | not-supported | _elements
            GET     | /fhir/Practitioner?_format=json&_format=xml | 400 | invalid      | json and as xml
            GET     | /fhir/Practitioner?nonsense=1              | 400 | invalid       | nonsense
            GET     | /fhir/Practitioner?famly=x                 | 400 | invalid       | family
            GET     | /fhir/Practitioner?family:wrong=x          | 400 | not-supported | wrong
            GET     | /fhir/Practitioner?_lastUpdated=yesterday  | 400 | invalid       | yesterday
            GET     | /fhir/Practitioner?name=%FF                | 400 | invalid       | "name"
            GET     | /fhir/Practitioner?name=a%00b              | 400 | invalid       | "name"
            GET     | /fhir/Practitioner?_count=many             | 400 | invalid       | many
            GET     | /fhir/Practitioner?_total=some             | 400 | invalid       | some
            GET     | /fhir/Practitioner?_query=x                | 400 | not-supported | _query
            GET     | /fhir/Practitioner?_getpages=x             | 400 | invalid       | _getpages
            GET     | /fhir/Practitioner?_page=forged            | 400 | invalid       | link
            GET     | /fhir/Practitioner?_page=x&family=y        | 400 | invalid       | stands alone
            GET     | /fhir/Practitioner?_pretty=perhaps         | 400 | invalid       | perhaps
            GET     | /fhir/Practitioner?_format=html            | 406 | not-supported | html
            GET     | /fhir/Practitioner?_format=text/turtle     | 406 | not-supported | turtle
            GET     | /fhir/metadata?_format=ttl                 | 406 | not-supported | ttl
            GET     | /fhir/metadata?mode=terminology            | 501 | not-supported | terminology
            GET     | /fhir?_type=Nonsense                       | 400 | invalid       | "Nonsense" is no type
            GET     | /fhir?family=x                             | 400 | invalid       | it is not known for
            GET     | /fhir?_sort=family                         | 400 | invalid       | allowed are _id and _lastUpdated
            GET     | /fhir?_page=forged                         | 400 | invalid       | link
            GET     | /fhir/Patient/_history                     | 404 | not-found     | Patient is not served
            GET     | /fhir/Practitioner/none/_history           | 404 | not-found     | Practitioner/none is not known
            GET     | /fhir/Practitioner/none/_history/1         | 404 | not-found     | Practitioner/none is not known
            GET     | /fhir/Practitioner/gone/_history/2         | 410 | deleted       | version 2
            GET     | /fhir/Practitioner/gone/_history/7         | 404 | not-found     | has no version "7"; the newest is 2
            GET     | /fhir/Practitioner/gone/_history/one       | 404 | not-found     | has no version "one"; the newest is 2
            GET     | /fhir/Practitioner/gone/_history/0         | 404 | not-found     | has no version "0"
            GET     | /fhir/Practitioner/gone/_history/99999999999999999999 | 404 | not-found | has no version
            GET     | /fhir/Practitioner/gone/_history/a_b       | 404 | not-found     | "a_b" is not the id of a version
            GET     | /fhir/Practitioner/gone/_history/1?x=1     | 400 | invalid       | "x"
            GET     | /fhir/Practitioner/gone/_history?x=1       | 400 | invalid       | _count, _since, _at
            GET     | /fhir/_history?_type=Practitioner          | 400 | invalid       | _type
            GET     | /fhir/_history?_since=yesterday            | 400 | invalid       | yesterday
            GET     | /fhir/_history?_at=ge2024                  | 400 | invalid       | ge2024
            GET     | /fhir/_history?_since=2024&_since=2025     | 400 | invalid       | twice
            GET     | /fhir/_history?_count=0                    | 400 | invalid       | 1 to 1000
            GET     | /fhir/_history?_count=many                 | 400 | invalid       | many
            GET     | /fhir/Practitioner/p/_history?_sort=_lastUpdated | 400 | invalid | one resource
            GET     | /fhir/_history?_list=1                     | 501 | not-supported | _list
            GET     | /fhir/_history?_page=forged                | 400 | invalid       | link
            GET     | /fhir/_history?_page=x&_count=1            | 400 | invalid       | stands alone
            POST    | /fhir/_history                             | 405 | not-supported | GET
            DELETE  | /fhir/Practitioner/gone/_history/1         | 405 | not-supported | GET
            POST    | /fhir/Practitioner/none/$erase             | 404 | not-found     | Practitioner/none is not known
            POST    | /fhir/Practitioner/gone/$erase?really=yes  | 400 | invalid       | really
            POST    | /fhir/Patient/1/$erase                     | 404 | not-found     | Patient is not served
            POST    | /fhir/Practitioner/a_b/$erase              | 400 | invalid       | a_b
            POST    | /fhir/Practitioner/$erase                  | 501 | not-supported | operation
            GET     | /fhir/Organization/1/Observation           | 404 | not-found     | Organization has no compartment
            GET     | /fhir/Practitioner/1/Questionnaire?x=1     | 400 | invalid       | "x=1"
            GET     | /fhir/Practitioner/1/HealthcareService     | 400 | invalid       | no HealthcareService is in a compartment
            GET     | /fhir/Practitioner/1/Patient               | 404 | not-found     | Patient is not served
            PUT     | /fhir/Practitioner/1/Observation           | 405 | not-supported | GET
            GET     | /fhir/Practitioner/none/$everything        | 404 | not-found     | Practitioner/none is not known
            GET     | /fhir/Practitioner/gone/$everything        | 410 | deleted       | version 2
            GET     | /fhir/Practitioner/gone/$everything?x=1    | 400 | invalid       | _since, _type, _count
            DELETE  | /fhir/Practitioner/gone/$everything        | 405 | not-supported | GET, HEAD, POST
            GET     | /fhir/Device/1/$everything                 | 501 | not-supported | operation
            PATCH   | /fhir/Practitioner/1                       | 415 | not-supported | allowed: application/json-patch+json
            PUT     | /fhir/Practitioner?nonsense=1              | 400 | invalid       | nonsense
            PUT     | /fhir/Practitioner?_format=json            | 400 | invalid       | there are no criteria
            PUT     | /fhir/Practitioner?identifier=1            | 415 | not-supported | without Content-Type
            PATCH   | /fhir/Practitioner?identifier=1            | 415 | not-supported | allowed: application/json-patch+json
            PATCH   | /fhir/Practitioner?nonsense=1              | 400 | invalid       | nonsense
            DELETE  | /fhir/Practitioner?nonsense=1              | 400 | invalid       | nonsense
            DELETE  | /fhir/Practitioner?_format=json            | 400 | invalid       | there are no criteria
            DELETE  | /fhir/Practitioner?_id:missing=false&_lastUpdated:missing=false | 400 | invalid | there are no criteria
            GET     | /fhir/Practitioner?_sort=adress            | 400 | invalid       | did you mean "address"
            GET     | /fhir/Practitioner?__explain=yes           | 400 | invalid       | allowed is true
            GET     | /fhir?_type=Practitioner&__explain=true    | 501 | not-supported | __explain is not offered over several types
            GET     | /fhir/Practitioner?_sort:asc=family        | 400 | invalid       | allowed is _sort=family
            DELETE  | /fhir/Practitioner?active=true&_sort=name  | 400 | invalid       | "_sort" is not a criterion
            POST    | /fhir                                      | 415 | not-supported | without Content-Type
            POST    | /fhir?_count=1                             | 400 | invalid       | _count
            POST    | /fhir/_search?_type=Nonsense               | 400 | invalid       | "Nonsense" is no type
            GET     | /fhir/_search                              | 405 | not-supported | POST
            POST    | /fhir/Practitioner/$validate               | 400 | invalid       | no resource to be validated
            GET     | /fhir/Practitioner/$validate               | 405 | not-supported | POST
            GET     | /fhir/Practitioner/none/$validate          | 404 | not-found     | Practitioner/none is not known
            GET     | /fhir/Practitioner/gone/$validate          | 410 | deleted       | version 2
            POST    | /fhir/$validate                            | 501 | not-supported | operation
            GET     | /fhir/$diff                                | 501 | not-supported | operation
            BREW    | /fhir/Practitioner                         | 501 | not-supported | BREW
            PUT     | /fhir/Practitioner                         | 405 | not-supported | [id]
            DELETE  | /fhir/Practitioner                         | 405 | not-supported | [id]
            POST    | /fhir/Practitioner/1                       | 405 | not-supported | GET
            GET     | /fhir/Practitioner/_search                 | 405 | not-supported | POST
            DELETE  | /fhir/metadata                             | 405 | not-supported | GET
            GET     | /fhir/Practitioner/gone/$erase             | 405 | not-supported | POST
            OPTIONS | /health/live                               | 405 | not-supported | GET
            POST    | /health/live                               | 405 | not-supported | GET
            POST    | /fhir/Practitioner                         | 415 | not-supported | without Content-Type
            """)
    void request_thatCannotBeDone_isRefused(String method, String path, int status, String code, String said)
            throws Exception {
        HttpResponse<String> response =
                Http.send(method, server.uri(path), "Authorization", "Bearer " + TestServer.TOKEN);

        OperationOutcome outcome = Outcome.of(response);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(outcome.getIssueFirstRep().getCode().toCode()).isEqualTo(code);
        assertThat(outcome.getIssueFirstRep().getDiagnostics()).contains(said);
        assertThat(response.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
    }

    /** As without any; of several the first one counts. */
    @ParameterizedTest
    @ValueSource(
            strings = {"handling=strict", "handling=strict, handling=lenient", "return=minimal, Handling=\"STRICT\""})
    @Proves("Prefer: handling=strict: what is not known is refused")
    void search_withStrictHandling_refusesWhatItDoesNotKnow(String prefer) throws Exception {
        HttpResponse<String> response =
                Http.send("GET", server.uri("/fhir/Practitioner?active=true&famly=x"), "Prefer", prefer);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(Outcome.of(response).getIssueFirstRep().getDiagnostics()).contains("famly=x");
    }

    @Test
    void search_withLenientHandlingFirst_ignoresWhatItDoesNotKnow() throws Exception {
        String prefer = "handling=lenient, handling=strict";

        assertThat(Http.send("GET", server.uri("/fhir/Practitioner?active=true&famly=x"), "Prefer", prefer)
                        .statusCode())
                .isEqualTo(200);
    }

    /** That a database takes too long for a search is seen by SearchCostIT; here a store says so. */
    @Test
    @Proves("what takes too long is refused: 503")
    void search_thatTakesTooLong_isTooCostly() throws Exception {
        ResourceStore slow = (ResourceStore) Proxy.newProxyInstance(
                ResourceStore.class.getClassLoader(),
                new Class<?>[] {ResourceStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("inTurn")) {
                        throw new Refusal(Refusal.Reason.TOO_COSTLY, "there was not enough time");
                    }
                    return method.invoke(TestServer.memory(), arguments);
                });
        try (TestServer busy = TestServer.start("", slow, false)) {
            HttpResponse<String> response = Http.send("GET", busy.uri("/fhir/Practitioner?name:contains=zq"));

            assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
            assertThat(Outcome.of(response).getIssueFirstRep().getCode().toCode())
                    .isEqualTo("too-costly");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            POST | /fhir/Practitioner    | {"resourceType":"Practitioner"                               | 400 | invalid
            POST | /fhir/Practitioner    | hello                                                        | 400 | invalid
            POST | /fhir/Practitioner    | ``                                                           | 400 | invalid
            POST | /fhir/Practitioner    | []                                                           | 400 | invalid
            POST | /fhir/Practitioner    | {"resourceType":"Practitioner","active":true,"active":false} | 400 | invalid
            POST | /fhir/Practitioner    | {"resourceType":"Organization"}                              | 400 | invalid
            POST | /fhir/Practitioner    | {"resourceType":"Nonsense"}                                  | 422 | structure
            POST | /fhir/Practitioner    | {"resourceType":"Practitioner","nonsense":1}                 | 422 | structure
            POST | /fhir/Practitioner    | {"resourceType":"Practitioner","active":"yes"}               | 422 | structure
            POST | /fhir/Practitioner    | {"resourceType":"Practitioner","birthDate":"soon"}           | 422 | structure
            PUT  | /fhir/Practitioner/p1 | {"resourceType":"Practitioner"}                              | 400 | invalid
            PUT  | /fhir/Practitioner/p1 | {"resourceType":"Practitioner","id":"p2"}                    | 400 | invalid
            """)
    void body_thatIsWrong_isRefused(String method, String path, String body, int status, String code) throws Exception {
        HttpResponse<String> response = Http.write(method, server.uri(path), body == null ? "" : body);

        OperationOutcome outcome = Outcome.of(response);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(outcome.getIssueFirstRep().getCode().toCode())
                .as(response.body())
                .isEqualTo(code);
    }

    @Test
    void searchForm_ofUnsaidContentType_isRefused() throws Exception {
        HttpResponse<String> response = Http.send(
                "POST", server.uri("/fhir/Practitioner/_search"), "family=x".getBytes(StandardCharsets.UTF_8));

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(Outcome.of(response).getIssueFirstRep().getDiagnostics())
                .contains("x-www-form-urlencoded, not none");
    }

    @Test
    void body_withSeveralFaults_namesEachWithItsPath() throws Exception {
        HttpResponse<String> response = Http.write(
                "POST",
                server.uri("/fhir/Practitioner"),
                "{\"resourceType\":\"Practitioner\",\"nonsense\":1,\"name\":[{\"familie\":\"x\"}]}");

        assertThat(Outcome.of(response).getIssue())
                .extracting(issue -> issue.getExpression().get(0).getValue())
                .contains("Practitioner.nonsense", "Practitioner.name[0].familie");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            charset=utf-8  | name=%FF | 400
            charset=utf-8  | name=%00 | 400
            charset=utf-16 | name=a   | 415
            charset=utf-8  | name=a   | 200
            """)
    void form_thatIsNotText_isRefused(String charset, String form, int status) throws Exception {
        HttpResponse<String> response = Http.send(
                "POST",
                server.uri("/fhir/Practitioner/_search"),
                form.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded;" + charset);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void body_ofAnotherType_namesTheGuiltyElement() throws Exception {
        HttpResponse<String> response = Http.write(
                "PUT", server.uri("/fhir/Organization/p1"), "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}");

        assertThat(Outcome.of(response)
                        .getIssueFirstRep()
                        .getExpression()
                        .get(0)
                        .getValue())
                .isEqualTo("Practitioner.resourceType");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "a b", "iso-8859-1"})
    void body_inAnotherCharset_isRefused(String charset) throws Exception {
        HttpResponse<String> response = Http.send(
                "PUT",
                server.uri("/fhir/Practitioner/p1"),
                PRACTITIONER.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Content-Type",
                "application/fhir+json;charset=" + charset);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(415);
        assertThat(Outcome.of(response).getIssueFirstRep().getDiagnostics()).contains(charset);
    }

    @Test
    void body_inAnotherFormat_isRefused() throws Exception {
        HttpResponse<String> response = Http.send(
                "POST",
                server.uri("/fhir/Practitioner"),
                "a fhir:Practitioner".getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Content-Type",
                "text/turtle");

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(Outcome.of(response).getIssueFirstRep().getDiagnostics()).contains("text/turtle");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/fhir+xml                                            | 200
            application/fhir+json;q=0                                       | 406
            text/turtle, application/pdf                                    | 406
            application/fhir+json;fhirVersion=3.0                           | 406
            application/fhir+json;fhirVersion=4.0                           | 200
            application/fhir+xml;q=0.5, application/fhir+json;q=0.1         | 200
            text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | 200
            application/json                                                | 200
            """)
    void accept_decidesWhetherAnAnswerCanBeGiven(String accept, int status) throws Exception {
        HttpResponse<String> response = Http.send("GET", server.uri("/fhir/Practitioner"), "Accept", accept);

        assertThat(response.statusCode()).isEqualTo(status);
    }
}
