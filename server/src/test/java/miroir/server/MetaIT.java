package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Practitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class MetaIT {
    private static final FhirContext CONTEXT = FhirContext.forR4Cached();
    private static final String OPERATION =
            "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":%s}]}";
    private static final String TAG = "{\"tag\":[{\"system\":\"http://t\",\"code\":\"%s\"}]}";

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void meta_ofAResourceAndOfItsVersions_isWhatEachHas() throws Exception {
        put("Practitioner", "m1", "{\"tag\":[{\"code\":\"old\"}]}");
        put("Practitioner", "m1", "{\"source\":\"http://s\",\"tag\":[{\"code\":\"new\",\"display\":\"New\"}]}");

        HttpResponse<String> now = get("/Practitioner/m1/$meta");
        assertThat(now.statusCode()).as(now.body()).isEqualTo(200);
        assertThat(now.headers().firstValue("ETag")).hasValue("W/\"2\"");
        Meta meta = meta(now);
        assertThat(meta.getVersionId()).isEqualTo("2");
        assertThat(meta.getSource()).isEqualTo("http://s");
        assertThat(meta.getTagFirstRep().getDisplay()).isEqualTo("New");
        assertThat(meta(get("/Practitioner/m1/_history/1/$meta"))
                        .getTagFirstRep()
                        .getCode())
                .isEqualTo("old");
        assertThat(meta(Http.write(
                                "POST", server.uri("/fhir/Practitioner/m1/$meta"), "{\"resourceType\":\"Parameters\"}"))
                        .getVersionId())
                .isEqualTo("2");
        assertThat(get("/Practitioner/m1/$meta?_format=xml").body())
                .contains("<name value=\"return\"/><valueMeta><versionId value=\"2\"/>");
    }

    @Test
    void meta_ofATypeAndOfAll_isWhatAnyResourceHas() throws Exception {
        put(
                "Device",
                "d1",
                "{\"profile\":[\"http://p/a\",\"http://p/b|1\"],\"tag\":[{\"system\":\"http://t\",\"code\":\"x\"}]}");
        put("Device", "d2", "{\"profile\":[\"http://p/a\",\"http://p/c|1\"],\"security\":[{\"code\":\"R\"}]}");
        put("Device", "d3", "{\"profile\":[\"http://p/c\"],\"tag\":[{\"system\":\"http://u\",\"code\":\"x\"}]}");
        put("Device", "d4", "{\"profile\":[\"http://p/gone\"]}");
        Http.write("DELETE", server.uri("/fhir/Device/d4"), "");

        Meta ofType = meta(get("/Device/$meta"));
        assertThat(ofType.getProfile())
                .extracting(CanonicalType::getValue)
                .containsExactly("http://p/a", "http://p/b|1", "http://p/c", "http://p/c|1");
        assertThat(codes(ofType.getTag())).containsExactly("http://t|x", "http://u|x");
        assertThat(codes(ofType.getSecurity())).containsExactly("null|R");
        assertThat(ofType.hasLastUpdated()).isTrue();
        put("HealthcareService", "h1", "{\"profile\":[\"http://p/other\"]}");
        assertThat(meta(get("/$meta")).getProfile())
                .extracting(CanonicalType::getValue)
                .contains("http://p/a", "http://p/other");
        assertThat(meta(get("/Questionnaire/$meta")).getProfile()).isEmpty();
    }

    @Test
    void add_newLabels_areAVersionAndFoundAtOnce() throws Exception {
        put("Practitioner", "add", "{\"tag\":[{\"system\":\"http://t\",\"code\":\"kept\",\"display\":\"Kept\"}]}");
        HttpResponse<String> added = change("add", "add", """
                {"versionId":"9","profile":["http://p/added"],"tag":[{"system":"http://t","code":"kept","display":"Other"},
                {"system":"http://t","code":"added","display":"Added"}],"security":[{"code":"N"}]}""");

        assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
        assertThat(added.headers().firstValue("ETag")).hasValue("W/\"2\"");
        Meta meta = meta(added);
        assertThat(meta.getVersionId()).isEqualTo("2");
        assertThat(meta.getTag()).extracting(Coding::getDisplay).containsExactly("Kept", "Added");
        assertThat(meta.getSecurity()).extracting(Coding::getCode).containsExactly("N");
        for (String query : List.of("_tag=http://t%7Cadded", "_profile=http://p/added", "_security=N")) {
            assertThat(get("/Practitioner?" + query).body()).as(query).contains("\"total\":1", "Practitioner/add\"");
        }
        assertThat(get("/Practitioner/add/_history/1").body()).doesNotContain("http://p/added");
        assertThat(get("/Practitioner/add").body()).contains("\"family\":\"x\"");
    }

    @Test
    void delete_labels_leavesTheOthers() throws Exception {
        put("Practitioner", "delete", """
                {"profile":["http://p/1","http://p/2"],"_profile":[null,{"id":"second"}],
                "tag":[{"system":"http://t","code":"1","version":"v"},{"code":"1"}],"security":[{"code":"R"}]}""");
        HttpResponse<String> deleted = change("delete", "delete", """
                {"profile":["http://p/1","http://p/unknown"],"tag":[{"system":"http://t","code":"1","display":"x"}],
                "security":[{"code":"R"}]}""");

        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
        assertThat(deleted.body())
                .contains("\"profile\":[\"http://p/2\"],\"_profile\":[{\"id\":\"second\"}],\"tag\":[{\"code\":\"1\"}]}")
                .doesNotContain("security");
        assertThat(get("/Practitioner?_id=delete&_security=R").body()).contains("\"total\":0");
    }

    @Test
    void change_ofNothing_makesNoVersion() throws Exception {
        put("Practitioner", "same", TAG.formatted("a"));

        assertThat(change("add", "same", TAG.formatted("a")).headers().firstValue("ETag"))
                .hasValue("W/\"1\"");
        assertThat(change("delete", "same", TAG.formatted("b")).headers().firstValue("ETag"))
                .hasValue("W/\"1\"");
        assertThat(get("/Practitioner/same/_history").body()).contains("\"total\":1");
    }

    @Test
    void change_withIfMatch_needsThatVersion() throws Exception {
        put("Practitioner", "match", TAG.formatted("a"));

        assertThat(change("add", "match", TAG.formatted("b"), "If-Match", "W/\"2\"")
                        .statusCode())
                .isEqualTo(412);
        assertThat(change("add", "match", TAG.formatted("b"), "If-Match", "W/\"1\"")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void changes_atOnce_loseNothing() throws Exception {
        put("Practitioner", "race", TAG.formatted("first"));
        int clients = 8;
        List<Callable<Integer>> changes = new ArrayList<>();
        IntStream.range(0, clients)
                .forEach(i -> changes.add(
                        () -> change("add", "race", TAG.formatted("t" + i)).statusCode()));
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        for (Future<Integer> status : pool.invokeAll(changes)) {
            assertThat(status.get()).isEqualTo(200);
        }
        pool.shutdown();

        Meta meta = meta(get("/Practitioner/race/$meta"));
        assertThat(meta.getTag()).hasSize(clients + 1);
        assertThat(meta.getVersionId()).isEqualTo(String.valueOf(clients + 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            meta-add    | {"resourceType":"Parameters"}                                                                   | 400 | one parameter
            meta-add    | {"resourceType":"Practitioner"}                                                                 | 400 | allowed is a Parameters
            meta-add    | {"resourceType":"Parameters","parameter":[{"name":"tag","valueMeta":{"source":"http://x"}}]}    | 400 | one parameter
            meta-add    | {"resourceType":"Parameters","parameter":[{"name":"meta","valueString":"x"}]}                   | 400 | one parameter
            meta-add    | {"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tags":[]}}]}             | 422 | Meta has no element
            meta-add    | {"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]}}]} | 422 | SUBSETTED
            meta-delete | {"resourceType":"Parameters"                                                                    | 400 | ``
            meta        | {"resourceType":"Parameters","parameter":[{"name":"meta","valueString":"x"}]}                   | 400 | $meta has no parameters
            """)
    void operation_withAnotherBody_isRefused(String operation, String body, int status, String said) throws Exception {
        put("Practitioner", "bodies", TAG.formatted("a"));
        HttpResponse<String> refused = Http.write("POST", server.uri("/fhir/Practitioner/bodies/$" + operation), body);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics()).contains(said == null ? "" : said);
        assertThat(get("/Practitioner/bodies/_history").body()).contains("\"total\":1");
    }

    @Test
    void change_withoutAToken_isRefused() throws Exception {
        put("Practitioner", "guarded", TAG.formatted("a"));
        HttpResponse<String> refused = Http.send(
                "POST",
                server.uri("/fhir/Practitioner/guarded/$meta-add"),
                OPERATION.formatted(TAG.formatted("b")).getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+json");

        assertThat(refused.statusCode()).isEqualTo(401);
    }

    @Test
    void client_ofHapi_readsAddsAndDeletes() {
        CONTEXT.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
        IGenericClient client = CONTEXT.newRestfulGenericClient(server.base());
        client.registerInterceptor(new BearerTokenAuthInterceptor(TestServer.TOKEN));
        IdType id = (IdType)
                client.create().resource(new Practitioner()).execute().getId().toUnqualifiedVersionless();
        Meta sent = new Meta().addTag("http://t", "client", "Client");

        assertThat(client.meta().add().onResource(id).meta(sent).execute().getTag())
                .hasSize(1);
        assertThat(client.meta().get(Meta.class).fromResource(id).execute().getVersionId())
                .isEqualTo("2");
        assertThat(codes(client.meta()
                        .get(Meta.class)
                        .fromType("Practitioner")
                        .execute()
                        .getTag()))
                .contains("http://t|client");
        assertThat(codes(client.meta().get(Meta.class).fromServer().execute().getTag()))
                .contains("http://t|client");
        assertThat(client.meta().delete().onResource(id).meta(sent).execute().getTag())
                .isEmpty();
    }

    private void put(String type, String id, String meta) throws Exception {
        String rest = type.equals("Practitioner") ? ",\"name\":[{\"family\":\"x\"}]" : "";
        HttpResponse<String> put = Http.write(
                "PUT",
                server.uri("/fhir/" + type + "/" + id),
                "{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\",\"meta\":" + meta + rest + "}");
        assertThat(put.statusCode()).as(put.body()).isIn(200, 201);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return Http.send("GET", server.uri("/fhir" + path));
    }

    private HttpResponse<String> change(String way, String id, String meta, String... headers) throws Exception {
        return Http.write(
                "POST", server.uri("/fhir/Practitioner/" + id + "/$meta-" + way), OPERATION.formatted(meta), headers);
    }

    private static Meta meta(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        Parameters parameters = CONTEXT.newJsonParser().parseResource(Parameters.class, response.body());
        assertThat(parameters.getParameter()).hasSize(1);
        assertThat(parameters.getParameterFirstRep().getName()).isEqualTo("return");
        return (Meta) parameters.getParameterFirstRep().getValue();
    }

    private static List<String> codes(List<Coding> codings) {
        return codings.stream()
                .map(coding -> coding.getSystem() + "|" + coding.getCode())
                .toList();
    }
}
