package miroir.server.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Views are listed and run, on what whoever asks may see. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class ViewsIT {
    private static final String NAMES = """
            {"resourceType":"ViewDefinition","name":"names","status":"draft","resource":"Practitioner","select":[\
            {"column":[{"name":"id","path":"id"},{"name":"active","path":"active"}]},\
            {"forEachOrNull":"name","column":[{"name":"family","path":"family"},{"name":"given","path":"given","collection":true}]}]}""";

    private TestServer server;
    private String reader;
    private String narrowed;
    private String others;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("access: {mode: token}", database, TestServer.ready(database));
        AdminClient admin = AdminClient.local(server);
        reader = admin.consumer("wide", "READ, SEARCH on *");
        narrowed = admin.consumer("narrowed", "READ, SEARCH on Practitioner?active=true");
        others = admin.consumer("others", "READ, SEARCH on Organization");
        put(
                "Practitioner",
                "a",
                "\"active\":true,\"name\":[{\"family\":\"Lefèvre, dit \\\"Zoé\\\"\",\"given\":[\"Zoë\",\"Anne\"]}]");
        put("Practitioner", "b", "\"active\":false,\"name\":[{\"family\":\"Secret\\nSecond\"}]");
        put("Practitioner", "c", "\"active\":true");
        put("Organization", "o", "\"name\":\"Hôpital\",\"active\":true");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void put(String type, String id, String content) throws Exception {
        HttpResponse<String> stored = Http.write(
                "PUT",
                server.uri("/fhir/" + type + "/" + id),
                "{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\"," + content + "}");
        assertThat(stored.statusCode()).as(stored.body()).isIn(200, 201);
    }

    private HttpResponse<String> get(String token, String path, String... headers) throws Exception {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Authorization";
        all[headers.length + 1] = "Bearer " + token;
        return Http.send("GET", server.uri("/fhir/" + path), all);
    }

    private HttpResponse<String> post(String token, String path, String body, String type) throws Exception {
        return Http.send(
                "POST",
                server.uri("/fhir/" + path),
                body.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                type);
    }

    private HttpResponse<String> run(String path, String body) throws Exception {
        return post(reader, path, body, "application/fhir+json");
    }

    private static String parameters(String... parameters) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[" + String.join(",", parameters) + "]}";
    }

    private static String view(String definition) {
        return "{\"name\":\"viewResource\",\"resource\":" + definition + "}";
    }

    // --- forms

    @Test
    void run_csv_isThatOfTheStandard() throws Exception {
        HttpResponse<String> answer = run("ViewDefinition/$run?_format=csv", parameters(view(NAMES)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/csv;charset=UTF-8");
        assertThat(answer.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"names.csv\"");
        assertThat(answer.body())
                .isEqualTo("id,active,family,given\r\n"
                        + "a,true,\"Lefèvre, dit \"\"Zoé\"\"\",\"[\"\"Zoë\"\",\"\"Anne\"\"]\"\r\n"
                        + "b,false,\"Secret\nSecond\",[]\r\n"
                        + "c,true,,\r\n");
    }

    @Test
    void run_withoutHeader_hasRowsOnly() throws Exception {
        String asked = parameters(
                view(NAMES),
                "{\"name\":\"_format\",\"valueCode\":\"csv\"}",
                "{\"name\":\"header\",\"valueBoolean\":false}",
                "{\"name\":\"_limit\",\"valueInteger\":1}");
        assertThat(run("$viewdefinition-run", asked).body())
                .startsWith("a,true,")
                .hasLineCount(1);
    }

    @Test
    void run_ndjson_isWhatComesUnlessSomethingElseIsAskedFor() throws Exception {
        HttpResponse<String> answer = run("ViewDefinition/$run", NAMES);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson;charset=UTF-8");
        assertThat(answer.body()).isEqualTo("""
                {"id":"a","active":true,"family":"Lefèvre, dit \\"Zoé\\"","given":["Zoë","Anne"]}
                {"id":"b","active":false,"family":"Secret\\nSecond","given":[]}
                {"id":"c","active":true,"family":null,"given":null}
                """);
    }

    @Test
    void run_json_isAnArray() throws Exception {
        HttpResponse<String> answer =
                get(reader, "ViewDefinition/practitioner/$run?active=true", "Accept", "application/json");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        BsonDocument read = BsonDocument.parse("{rows: " + answer.body() + "}");
        assertThat(read.getArray("rows")).hasSize(2);
        assertThat(read.getArray("rows").get(0).asDocument().getString("key").getValue())
                .isEqualTo("Practitioner/a");
        assertThat(get(reader, "ViewDefinition/practitioner/$run?_id=none", "Accept", "application/json")
                        .body())
                .isEqualTo("[]\n");
    }

    @Test
    void run_head_hasTheHeaders() throws Exception {
        HttpResponse<String> answer = Http.send(
                "HEAD",
                server.uri("/fhir/ViewDefinition/practitioner/$run?_format=csv"),
                "Authorization",
                "Bearer " + reader);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/csv;charset=UTF-8");
        assertThat(answer.body()).isEmpty();
    }

    // --- what is asked

    @Test
    void run_byReference_isTheSameAsByPath() throws Exception {
        String rows = get(reader, "ViewDefinition/practitioner/$run").body();
        assertThat(rows).hasLineCount(3);
        for (String reference :
                List.of("ViewDefinition/practitioner", server.base() + "/ViewDefinition/practitioner")) {
            assertThat(get(reader, "ViewDefinition/$run?viewReference=" + reference)
                            .body())
                    .isEqualTo(rows);
            assertThat(run(
                                    "ViewDefinition/$run",
                                    parameters("{\"name\":\"viewReference\",\"valueReference\":{\"reference\":\""
                                            + reference + "\"}}"))
                            .body())
                    .isEqualTo(rows);
        }
        assertThat(run("ViewDefinition/practitioner/$viewdefinition-run", "").body())
                .isEqualTo(rows);
    }

    @Test
    void run_ofSentResources_readsNoOthers() throws Exception {
        String asked = parameters(
                view(NAMES),
                "{\"name\":\"resource\",\"resource\":{\"resourceType\":\"Practitioner\",\"id\":\"x\",\"name\":[{\"family\":\"Él\"}]}}",
                "{\"name\":\"resource\",\"resource\":{\"resourceType\":\"Organization\",\"id\":\"y\"}}");
        assertThat(run("ViewDefinition/$run?_format=csv&header=false", asked).body())
                .isEqualTo("x,,Él,[]\r\n");
        assertThat(run("ViewDefinition/$run?active=true", asked).statusCode()).isEqualTo(400);
        assertThat(run("ViewDefinition/$run", asked.replace("\"family\"", "\"famly\""))
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void run_withSearch_isOfWhatItFinds() throws Exception {
        assertThat(get(reader, "ViewDefinition/practitioner/$run?active=false&_format=csv&header=false")
                        .body())
                .startsWith("b,Practitioner/b,")
                .doesNotContain("\r\na,", "\r\nc,");
        assertThat(get(
                                reader,
                                "ViewDefinition/practitioner/$run?_since="
                                        + Instant.now().plusSeconds(3600))
                        .body())
                .isEmpty();
        assertThat(get(reader, "ViewDefinition/practitioner/$run?_since=2020-01-01")
                        .body())
                .hasLineCount(3);
    }

    // --- rights

    @Test
    void run_narrowed_hasOnlyWhatMayBeSeen() throws Exception {
        assertThat(get(narrowed, "ViewDefinition/practitioner/$run").body())
                .hasLineCount(2)
                .doesNotContain("Secret");
        assertThat(post(narrowed, "ViewDefinition/$run", NAMES, "application/json")
                        .body())
                .hasLineCount(2)
                .doesNotContain("Secret");
        assertThat(get(narrowed, "ViewDefinition/practitioner/$run?active=false")
                        .body())
                .isEmpty();
    }

    @Test
    void run_withoutTheRight_isRefused() throws Exception {
        HttpResponse<String> answer = get(others, "ViewDefinition/practitioner/$run");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("viewdefinition-run needs the right SEARCH on Practitioner");
        assertThat(post(others, "$viewdefinition-run", NAMES, "application/fhir+json")
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(others, "ViewDefinition/organization/$run").body()).hasLineCount(1);
        assertThat(Http.send("GET", server.uri("/fhir/ViewDefinition/practitioner/$run"))
                        .statusCode())
                .isEqualTo(401);
    }

    // --- what is refused

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "ViewDefinition/$run | 400 | the view is named 0 times",
                "ViewDefinition/nothing/$run | 404 | there is no view \\\"nothing\\\"; there are activity, activity-mailbox",
                "ViewDefinition/practitioner/$run?viewReference=ViewDefinition/activity | 400 | the view is named 2 times",
                "ViewDefinition/$run?viewReference=Practitioner/a | 404 | leads to no view of this server",
                "ViewDefinition/$run?viewResource=x | 400 | viewResource is sent in a Parameters resource, with POST",
                "ViewDefinition/practitioner/$run?_format=parquet | 406 | _format=parquet is no form of rows that is given here; allowed: ndjson",
                "ViewDefinition/practitioner/$run?header=yes | 400 | header=yes; allowed: true, false",
                "ViewDefinition/practitioner/$run?_limit=0 | 400 | _limit=0 is no whole number from 1",
                "ViewDefinition/practitioner/$run?_limit=1&_limit=2 | 400 | _limit is given twice",
                "ViewDefinition/practitioner/$run?_count=1 | 400 | the parameter \\\"_count\\\" means nothing here",
                "ViewDefinition/practitioner/$run?patient=Patient/1 | 501 | the parameter patient is not offered here",
                "ViewDefinition/practitioner/$run?nmae=x | 400 | nmae",
                "ViewDefinition/practitioner/$run?_since=yesterday | 400 | _since=yesterday is no date",
                "ViewDefinition/practitioner?x=y | 400 | the parameter \\\"x\\\" means nothing here",
                "ViewDefinition/practitioner?_format=xml | 406 | has no XML",
                "ViewDefinition/practitioner/_history | 404 | nothing is at the path",
                "ViewDefinition/nothing | 404 | there is no view"
            })
    void get_whatIsNotUnderstood_isRefused(String path, int status, String reason) throws Exception {
        HttpResponse<String> answer = get(reader, path);
        assertThat(answer.body()).contains(reason);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("OperationOutcome");
    }

    @Test
    void post_hostileViews_areRefusedByName() throws Exception {
        assertRefused(422, NAMES.replace("\"family\"}", "\"famly\"}"), "ViewDefinition.select[1].column[0].path");
        assertRefused(422, NAMES.replace("\"select\"", "\"selct\""), "ViewDefinition.selct: unknown key");
        assertRefused(422, NAMES.replace("\"id\"}", "\"" + "(".repeat(100) + "\"}"), "it nests too deep");
        assertRefused(
                422,
                NAMES.replace("\"select\":[", "\"select\":[" + "{\"select\":[".repeat(20))
                        .replaceAll("]}$", "]}" + "]}".repeat(20)),
                "it nests too deep");
        assertRefused(
                400,
                "{\"resourceType\":\"ViewDefinition\",\"select\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                "");
        assertRefused(413, NAMES.replace("names", "x".repeat(200_000)), "limits.form");
        assertRefused(400, NAMES.replace("ViewDefinition", "Practitioner"), "allowed is a Parameters resource");
        assertRefused(404, NAMES.replace("Practitioner", "Patient"), "which is not served here");
        assertRefused(400, parameters(view(NAMES), view(NAMES)), "viewResource is given twice");
        assertRefused(
                400, parameters(view(NAMES), "{\"name\":\"nonsense\",\"valueString\":\"x\"}"), "means nothing here");
        assertRefused(
                501, parameters(view(NAMES), "{\"name\":\"source\",\"valueString\":\"x\"}"), "source is not offered");
        assertRefused(400, parameters("{\"name\":\"viewResource\"}"), "has no resource");
        assertRefused(400, "{", "");
        assertRefused(400, "{}", "the body has no resourceType; allowed are ViewDefinition and Parameters");
        assertRefused(400, "{\"resourceType\":5}", "the body has no resourceType");
        assertThat(run("ViewDefinition/$run", NAMES.replace("\"family\"}", "\"" + "x".repeat(50_000) + "\"}"))
                        .body())
                .hasSizeLessThan(6_000);
        assertThat(post(reader, "ViewDefinition/$run", "<ViewDefinition/>", "application/fhir+xml")
                        .statusCode())
                .isEqualTo(415);
    }

    private void assertRefused(int status, String body, String reason) throws Exception {
        HttpResponse<String> answer = run("ViewDefinition/$run", body);
        assertThat(answer.body()).contains(reason);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Disposition")).isEmpty();
    }

    @Test
    void run_severalValuesInACell_isRefused() throws Exception {
        HttpResponse<String> answer = run(
                "ViewDefinition/$run", NAMES.replace("\"path\":\"given\",\"collection\":true", "\"path\":\"given\""));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("of Practitioner/a: the column \\\"given\\\" has several values");
    }

    // --- views that have a name

    @Test
    void list_hasAll() throws Exception {
        BsonDocument bundle = BsonDocument.parse(get(others, "ViewDefinition").body());
        assertThat(bundle.getInt32("total").getValue()).isEqualTo(8);
        BsonDocument first = bundle.getArray("entry").get(0).asDocument();
        assertThat(first.getString("fullUrl").getValue()).isEqualTo(server.base() + "/ViewDefinition/activity");
        HttpResponse<String> read = get(others, "ViewDefinition/activity");
        assertThat(BsonDocument.parse(read.body())).isEqualTo(first.getDocument("resource"));
        assertThat(read.headers().firstValue("Content-Type")).contains("application/fhir+json;charset=UTF-8");
        assertThat(Http.send("GET", server.uri("/fhir/ViewDefinition")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void methods_areThoseThatAreThere() throws Exception {
        assertThat(Http.write("PUT", server.uri("/fhir/ViewDefinition/x"), NAMES)
                        .statusCode())
                .isEqualTo(405);
        assertThat(Http.write("POST", server.uri("/fhir/ViewDefinition"), NAMES).statusCode())
                .isEqualTo(405);
        assertThat(Http.write("DELETE", server.uri("/fhir/ViewDefinition/x/$run"), NAMES)
                        .headers()
                        .firstValue("Allow"))
                .contains("GET, HEAD, POST, OPTIONS");
    }

    @Test
    void metadata_hasTheOperation() throws Exception {
        assertThat(get(reader, "metadata").body())
                .contains("http://sql-on-fhir.org/OperationDefinition/$viewdefinition-run")
                .doesNotContain("\"ViewDefinition\"");
    }
}
