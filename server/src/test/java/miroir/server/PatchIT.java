package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceStore;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
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
final class PatchIT {
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String JSON = "application/fhir+json";
    private static final String XML = "application/fhir+xml";
    private static final String ACTIVE = "[{\"op\":\"replace\",\"path\":\"/active\",\"value\":%s}]";

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start("limits: {body: 100kB}\n", database);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void jsonPatch_changesWhatItNamesAndNothingElse() throws Exception {
        String rest =
                "\"extension\":[{\"url\":\"http://e\",\"valueDecimal\":1.100}],\"name\":[{\"given\":[\"Œ\",\"é\"],"
                        + "\"family\":\"x\"}]";
        put("exact", rest + ",\"active\":true");
        HttpResponse<String> patched = patch("exact", JSON_PATCH, ACTIVE.formatted("false"));

        assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
        assertThat(patched.headers().firstValue("ETag")).hasValue("W/\"2\"");
        assertThat(patched.headers().firstValue("Content-Location"))
                .hasValue(server.base() + "/Practitioner/exact/_history/2");
        assertThat(patched.headers().firstValue("Last-Modified")).isPresent();
        assertThat(patched.body()).contains("\"versionId\":\"2\"").endsWith(rest + ",\"active\":false}");
        assertThat(get("exact")).isEqualTo(patched.body());
        assertThat(Http.send("GET", server.uri("/fhir/Practitioner?active=false&_id=exact"))
                        .body())
                .contains("\"total\":1");
    }

    @Test
    void patch_narrativeThatWasGenerated_goesWhereItWouldBeWrong() throws Exception {
        String text =
                "\"text\":{\"status\":\"%s\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">%s</div>\"}";
        String generated = text.formatted("generated", "is active");
        put("told", generated + ",\"active\":true");
        put("told-by-hand", text.formatted("additional", "is active") + ",\"active\":true");
        put("told-anew", generated + ",\"active\":true");

        patch("told", JSON_PATCH, "[{\"op\":\"add\",\"path\":\"/meta/tag\",\"value\":[{\"code\":\"t\"}]}]");
        assertThat(get("told")).contains("is active");
        patch("told", JSON_PATCH, ACTIVE.formatted("false"));
        patch("told-by-hand", JSON_PATCH, ACTIVE.formatted("false"));
        patch(
                "told-anew",
                JSON_PATCH,
                ACTIVE.formatted("false")
                        .replace(
                                "}]",
                                "},{\"op\":\"replace\",\"path\":\"/text/div\",\"value\":"
                                        + "\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">is not</div>\"}]"));

        assertThat(get("told")).contains("\"active\":false").doesNotContain("\"text\"");
        assertThat(get("told-by-hand")).contains("\"active\":false", "is active");
        assertThat(get("told-anew")).contains("\"active\":false", "is not");
    }

    @Test
    void fhirPathPatch_inEitherFormat_isDone() throws Exception {
        put("path", "\"name\":[{\"use\":\"usual\",\"family\":\"a\"},{\"use\":\"official\",\"family\":\"b\"}]");
        HttpResponse<String> json = patch("path", JSON, """
                {"resourceType":"Parameters","parameter":[{"name":"operation","part":[
                {"name":"type","valueCode":"replace"},
                {"name":"path","valueString":"Practitioner.name.where(use = 'official').family"},
                {"name":"value","valueString":"c"}]}]}""");
        HttpResponse<String> xml = patch("path", XML, """
                <Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/>
                <part><name value="type"/><valueCode value="add"/></part>
                <part><name value="path"/><valueString value="Practitioner"/></part>
                <part><name value="name"/><valueString value="qualification"/></part>
                <part><name value="value"/><part><name value="code"/>
                <valueCodeableConcept><text value="q"/></valueCodeableConcept></part></part>
                </parameter></Parameters>""");

        assertThat(json.statusCode()).as(json.body()).isEqualTo(200);
        assertThat(xml.statusCode()).as(xml.body()).isEqualTo(200);
        assertThat(get("path"))
                .contains("{\"use\":\"usual\",\"family\":\"a\"},{\"use\":\"official\",\"family\":\"c\"}")
                .contains("\"qualification\":[{\"code\":{\"text\":\"q\"}}]");
    }

    @Test
    void patch_withIfMatch_needsThatVersion() throws Exception {
        put("match", "\"active\":true");

        for (String etag : List.of("W/\"2\"", "W/\"7\", W/\"9\"", "\"foreign\"")) {
            HttpResponse<String> refused = patch("match", JSON_PATCH, ACTIVE.formatted("false"), "If-Match", etag);
            assertThat(refused.statusCode()).as(etag).isEqualTo(412);
            assertThat(diagnostics(refused)).contains("Practitioner/match has version 1, not");
        }
        assertThat(patch("match", JSON_PATCH, ACTIVE.formatted("false"), "If-Match", "W/\"1\"")
                        .statusCode())
                .isEqualTo(200);
        assertThat(patch("match", JSON_PATCH, ACTIVE.formatted("true"), "If-Match", "*")
                        .statusCode())
                .isEqualTo(200);
        assertThat(patch("match", JSON_PATCH, ACTIVE.formatted("true"), "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(412);
        assertThat(patch("match", JSON_PATCH, ACTIVE.formatted("true"), "If-Unmodified-Since", "x")
                        .statusCode())
                .isEqualTo(501);
        assertThat(get("match")).contains("\"versionId\":\"3\"");
    }

    @Test
    void patch_thatChangesNothing_makesNoVersion() throws Exception {
        put("same", "\"active\":true");

        for (String nothing : List.of("[]", ACTIVE.formatted("true"))) {
            HttpResponse<String> same = patch("same", JSON_PATCH, nothing);
            assertThat(same.statusCode()).isEqualTo(200);
            assertThat(same.headers().firstValue("ETag")).hasValue("W/\"1\"");
        }
    }

    @Test
    void patch_ofWhatIsNotThere_isRefused() throws Exception {
        put("gone", "\"active\":true");
        put("erased", "\"active\":true");
        Http.write("DELETE", server.uri("/fhir/Practitioner/gone"), "");
        Http.write("POST", server.uri("/fhir/Practitioner/erased/$erase"), "");

        assertThat(patch("none", JSON_PATCH, ACTIVE.formatted("false")).statusCode())
                .isEqualTo(404);
        assertThat(patch("gone", JSON_PATCH, ACTIVE.formatted("false")).statusCode())
                .isEqualTo(410);
        assertThat(patch("erased", JSON_PATCH, ACTIVE.formatted("false")).statusCode())
                .isEqualTo(410);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            {"op":"test","path":"/active","value":false}      | 422 | processing | operation 1 (test '/active'): the test fails
            {"op":"remove","path":"/birthDate"}               | 422 | processing | nothing is at '/birthDate'
            {"op":"add","path":"/nonsense","value":1}         | 422 | structure  | no element 'nonsense'
            {"op":"replace","path":"/active","value":"yes"}   | 422 | structure  | true or false
            {"op":"remove","path":"/name/0"}                  | 422 | structure  | an array may not be empty
            {"op":"replace","path":"/id","value":"other"}     | 422 | processing | id, which has to stay "refused"
            {"op":"remove","path":"/id"}                      | 422 | processing | id, which has to stay
            {"op":"replace","path":"/resourceType","value":"Organization"} | 422 | processing | resourceType, which has to stay
            {"op":"replace","path":"","value":{"resourceType":"Practitioner"}} | 422 | processing | id, which has to stay
            {"op":"replace","path":"","value":[]}             | 422 | processing | no object
            {"op":"add","path":"/meta/tag","value":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]} | 422 | structure | SUBSETTED
            {"op":"spam","path":"/active"}                    | 400 | invalid    | allowed are add, remove
            {"op":"add","path":"active","value":1}            | 400 | invalid    | begins with /
            {"op":"remove"                                    | 400 | invalid    | not valid JSON
            """)
    void patch_thatCannotBeDone_isRefusedAndChangesNothing(String operation, int status, String code, String said)
            throws Exception {
        put("refused", "\"active\":true,\"name\":[{\"family\":\"x\"}]");
        HttpResponse<String> refused = patch("refused", JSON_PATCH, "[" + operation + "]");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(Outcome.of(refused).getIssueFirstRep().getCode().toCode()).isEqualTo(code);
        assertThat(diagnostics(refused)).contains(said);
        assertThat(get("refused")).contains("\"versionId\":\"1\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            text/turtle                                | of Content-Type text/turtle; allowed: application/json-patch+json
            application/xml-patch+xml                  | XML Patch is not offered; allowed: application/json-patch+json
            application/json-patch+json; charset=latin1 | allowed: utf-8
            application/fhir+json; fhirVersion=5.0     | allowed: 4.0
            """)
    void patch_inAnotherFormat_isRefusedWithThoseAllowed(String contentType, String said) throws Exception {
        HttpResponse<String> refused = patch("any", contentType, "[]");

        assertThat(refused.statusCode()).isEqualTo(415);
        assertThat(diagnostics(refused)).contains(said);
        assertThat(refused.headers().firstValue("Accept-Patch"))
                .hasValue("application/json-patch+json, application/fhir+json, application/fhir+xml");
    }

    @Test
    void patch_thatIsTooMuch_isRefused() throws Exception {
        put("limits", "\"name\":[{\"text\":\"" + "x".repeat(60_000) + "\"}]");
        String copy = "{\"op\":\"copy\",\"from\":\"/name/0\",\"path\":\"/name/-\"}";
        String deep = "{\"extension\":[".repeat(40) + "{}" + "]}".repeat(40);
        String below = "/name/0/_text" + "/extension/0".repeat(40) + "/extension";
        List<String> tooMuch = List.of(
                "[" + copy + "]",
                "[" + copy + "," + copy + "]",
                "[" + ",{}".repeat(1001).substring(1) + "]",
                "[{\"op\":\"add\",\"path\":\"/text\",\"value\":\"" + "x".repeat(101_000) + "\"}]",
                "[{\"op\":\"add\",\"path\":\"/name\",\"value\":" + deep.replace("{}", deep) + "}]",
                "[{\"op\":\"add\",\"path\":\"/name/0/_text\",\"value\":" + deep + "},{\"op\":\"add\",\"path\":\""
                        + below + "\",\"value\":[" + deep + "]}]");

        for (String patch : tooMuch) {
            HttpResponse<String> refused = patch("limits", JSON_PATCH, patch);
            assertThat(refused.statusCode()).as(diagnostics(refused)).isEqualTo(413);
        }
        assertThat(get("limits")).contains("\"versionId\":\"1\"");
    }

    @Test
    void patch_withPreferredReturn_answersThat() throws Exception {
        put("preferred", "\"active\":true");
        HttpResponse<String> minimal =
                patch("preferred", JSON_PATCH, ACTIVE.formatted("false"), "Prefer", "return=minimal");
        HttpResponse<String> told =
                patch("preferred", JSON_PATCH, ACTIVE.formatted("true"), "Prefer", "return=OperationOutcome");
        HttpResponse<String> xml = patch("preferred", JSON_PATCH, ACTIVE.formatted("false"), "Accept", XML);

        assertThat(minimal.body()).isEmpty();
        assertThat(told.body()).contains("Practitioner/preferred is now at version 3");
        assertThat(xml.body()).startsWith("<Practitioner").contains("<active value=\"false\"/>");
    }

    @Test
    void patch_withAReferenceToThisServer_storesARelativeOne() throws Exception {
        Http.write(
                "PUT",
                server.uri("/fhir/PractitionerRole/role"),
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"role\",\"active\":true}");
        HttpResponse<String> patched = Http.send(
                "PATCH",
                server.uri("/fhir/PractitionerRole/role"),
                ("[{\"op\":\"add\",\"path\":\"/practitioner\",\"value\":{\"reference\":\"" + server.base()
                                + "/Practitioner/p\"}}]")
                        .getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Content-Type",
                JSON_PATCH);

        assertThat(patched.body()).contains("{\"reference\":\"Practitioner/p\"}");
    }

    @Test
    void patch_withoutAToken_isRefused() throws Exception {
        put("guarded", "\"active\":true");
        HttpResponse<String> refused = Http.send(
                "PATCH",
                server.uri("/fhir/Practitioner/guarded"),
                ACTIVE.formatted("false").getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                JSON_PATCH);

        assertThat(refused.statusCode()).isEqualTo(401);
    }

    @Test
    void patches_atOnce_loseNothing() throws Exception {
        put("contended", "\"telecom\":[{\"value\":\"first\"}]");
        List<Callable<Integer>> patches = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String append = "[{\"op\":\"add\",\"path\":\"/telecom/-\",\"value\":{\"value\":\"n" + i + "\"}}]";
            patches.add(() -> patch("contended", JSON_PATCH, append).statusCode());
        }
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            for (Future<Integer> status : clients.invokeAll(patches)) {
                assertThat(status.get()).isEqualTo(200);
            }
        } finally {
            clients.shutdown();
        }

        assertThat(get("contended"))
                .contains("\"versionId\":\"17\"")
                .contains(IntStream.range(0, 16)
                        .mapToObj(i -> "{\"value\":\"n" + i + "\"}")
                        .toList());
    }

    /** Somebody else is always faster. */
    @Test
    void patch_thatIsOvertakenAllTheTime_isAConflict() throws Exception {
        ResourceStore store = TestServer.memory();
        ResourceStore overtaken = (ResourceStore) Proxy.newProxyInstance(
                ResourceStore.class.getClassLoader(),
                new Class<?>[] {ResourceStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("put") && arguments[3] instanceof Precondition.VersionIs) {
                        throw new Refusal(Refusal.Reason.PRECONDITION_FAILED, "another version");
                    }
                    return method.invoke(store, arguments);
                });
        try (TestServer busy = TestServer.start("database: {operationTimeout: 200ms}\n", overtaken, false)) {
            String json = "{\"resourceType\":\"Device\",\"id\":\"d\"}";
            Http.write("PUT", busy.uri("/fhir/Device/d"), json);
            HttpResponse<String> refused = Http.send(
                    "PATCH",
                    busy.uri("/fhir/Device/d"),
                    "[]".getBytes(StandardCharsets.UTF_8),
                    "Authorization",
                    "Bearer " + TestServer.TOKEN,
                    "Content-Type",
                    JSON_PATCH);

            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
            assertThat(diagnostics(refused)).contains("Device/d is being written by others all the time");
        }
    }

    private void put(String id, String elements) throws Exception {
        HttpResponse<String> stored = Http.write(
                "PUT",
                server.uri("/fhir/Practitioner/" + id),
                "{\"resourceType\":\"Practitioner\",\"id\":\"" + id + "\"," + elements + "}");
        assertThat(stored.statusCode()).as(stored.body()).isLessThan(300);
    }

    private String get(String id) throws Exception {
        return Http.send("GET", server.uri("/fhir/Practitioner/" + id)).body();
    }

    private HttpResponse<String> patch(String id, String contentType, String body, String... headers) throws Exception {
        String[] all = Stream.concat(
                        Stream.of("Authorization", "Bearer " + TestServer.TOKEN, "Content-Type", contentType),
                        Stream.of(headers))
                .toArray(String[]::new);
        return Http.send("PATCH", server.uri("/fhir/Practitioner/" + id), body.getBytes(StandardCharsets.UTF_8), all);
    }

    private static String diagnostics(HttpResponse<String> refused) {
        return Outcome.of(refused).getIssueFirstRep().getDiagnostics();
    }
}
