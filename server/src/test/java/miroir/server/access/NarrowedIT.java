package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A consumer who sees organizations of Lyon and what else is active, in a database that has more: whatever he asks, he is answered as if the rest were
 * not there. All that he may not see has the word {@code Secret} in it.
 */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NarrowedIT {
    private static final Set<String> TYPES = Set.of(
            "Practitioner",
            "PractitionerRole",
            "Organization",
            "HealthcareService",
            "Device",
            "Patient",
            "Observation");

    private static final String JSON = "application/fhir+json";
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String[] PERMISSIONS = {
        "READ, SEARCH, HISTORY, UPDATE, CREATE, DELETE, ERASE on Organization?address-city=Lyon",
        "READ, SEARCH, HISTORY on Practitioner?active=true",
        "READ, SEARCH, HISTORY on PractitionerRole?active=true",
        "READ, SEARCH, HISTORY on Patient?active=true",
        "READ, SEARCH, HISTORY on Observation?status=final"
    };

    private TestServer server;
    private AdminClient admin;
    private String token;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("access: {mode: token}", database, TYPES);
        admin = AdminClient.local(server);
        token = admin.consumer("narrowed", PERMISSIONS);
        put("Organization/lyon", organization("House", "Lyon"));
        put("Organization/paris", organization("Secret", "Paris") + ",\"partOf\":" + to("Organization/lyon"));
        put("Organization/part", organization("Part", "Lyon") + ",\"partOf\":" + to("Organization/lyon"));
        put("Organization/part-of-paris", organization("Ward", "Lyon") + ",\"partOf\":" + to("Organization/paris"));
        put("Practitioner/seen", "\"active\":true,\"name\":[{\"family\":\"Seen\"}]");
        put("Practitioner/unseen", "\"active\":false,\"name\":[{\"family\":\"Secret\"}]");
        put("PractitionerRole/both", role(true, "seen", "lyon"));
        put("PractitionerRole/at-unseen", role(true, "seen", "paris"));
        put("PractitionerRole/of-unseen", role(true, "unseen", "lyon"));
        put("PractitionerRole/unseen", role(false, "seen", "lyon") + ",\"code\":[{\"text\":\"Secret\"}]");
        put("Patient/seen", "\"active\":true");
        put("Patient/unseen", "\"active\":false,\"name\":[{\"family\":\"Secret\"}]");
        put("Observation/seen", observation("final", "seen", "any"));
        put("Observation/unseen", observation("preliminary", "seen", "Secret"));
        put("Observation/of-unseen", observation("final", "unseen", "any"));
        put(
                "Device/none",
                "\"distinctIdentifier\":\"Secret\",\"patient\":" + to("Patient/seen") + ",\"owner\":"
                        + to("Organization/lyon"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String organization(String name, String city) {
        return "\"active\":true,\"name\":\"" + name + "\",\"identifier\":[{\"value\":\"" + name
                + "\"}],\"address\":[{\"city\":\"" + city + "\"}]";
    }

    private static String role(boolean active, String practitioner, String organization) {
        return "\"active\":" + active + ",\"practitioner\":" + to("Practitioner/" + practitioner) + ",\"organization\":"
                + to("Organization/" + organization);
    }

    private static String observation(String status, String patient, String code) {
        return "\"status\":\"" + status + "\",\"code\":{\"text\":\"" + code + "\"},\"subject\":"
                + to("Patient/" + patient);
    }

    private static String to(String reference) {
        return "{\"reference\":\"" + reference + "\"}";
    }

    private static String resource(String reference, String content) {
        return "{\"resourceType\":\"" + reference.replace("/", "\",\"id\":\"") + "\"," + content + "}";
    }

    private void put(String reference, String content) throws Exception {
        HttpResponse<String> stored = Http.write("PUT", server.uri("/fhir/" + reference), resource(reference, content));
        assertThat(stored.statusCode()).as(stored.body()).isIn(200, 201);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get(token, path);
    }

    private HttpResponse<String> get(String by, String path) throws Exception {
        return Http.send("GET", server.uri("/fhir" + path), "Authorization", "Bearer " + by);
    }

    private HttpResponse<String> send(String method, String path, String type, String body) throws Exception {
        return Http.send(
                method,
                server.uri("/fhir" + path),
                body.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                type);
    }

    private static List<BsonDocument> entries(HttpResponse<String> bundle) {
        return BsonDocument.parse(bundle.body()).getArray("entry", new BsonArray()).stream()
                .map(BsonValue::asDocument)
                .toList();
    }

    private static Set<String> found(HttpResponse<String> answer) {
        return entries(answer).stream()
                .map(entry -> entry.getString("fullUrl").getValue())
                .map(url -> url.substring(url.indexOf("/fhir/") + "/fhir/".length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** That this is found, and nothing else. */
    private void assertFinds(String path, @Nullable String expected) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(entries(answer).toString()).as(path).doesNotContain("Secret");
        Set<String> wanted = expected == null ? Set.of() : Set.of(expected.split(" "));
        assertThat(found(answer)).as(path).isEqualTo(new TreeSet<>(wanted));
    }

    /** What is reached only through something unseen is not reached. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PractitionerRole?_id=both,at-unseen&_include=PractitionerRole:organization         | PractitionerRole/both PractitionerRole/at-unseen Organization/lyon
            PractitionerRole?_id=both,of-unseen&_include=PractitionerRole:practitioner         | PractitionerRole/both PractitionerRole/of-unseen Practitioner/seen
            PractitionerRole?_include=*                                                        | PractitionerRole/both PractitionerRole/at-unseen PractitionerRole/of-unseen Organization/lyon Practitioner/seen
            PractitionerRole?_id=at-unseen&_include=*&_include:iterate=Organization:partof     | PractitionerRole/at-unseen Practitioner/seen
            Organization?_id=part-of-paris&_include:iterate=Organization:partof                | Organization/part-of-paris
            Organization?_id=lyon&_revinclude=Organization:partof                              | Organization/lyon Organization/part
            Organization?_id=lyon&_revinclude:iterate=Organization:partof                      | Organization/lyon Organization/part
            Organization?_id=lyon&_revinclude=PractitionerRole:organization                    | Organization/lyon PractitionerRole/both PractitionerRole/of-unseen
            Practitioner?_id=seen&_revinclude=PractitionerRole:practitioner                    | Practitioner/seen PractitionerRole/both PractitionerRole/at-unseen
            Organization?_id=lyon&_revinclude=PractitionerRole:organization&_include:iterate=PractitionerRole:practitioner&_revinclude:iterate=PractitionerRole:practitioner | Organization/lyon PractitionerRole/both PractitionerRole/of-unseen PractitionerRole/at-unseen Practitioner/seen
            Organization?_id=lyon&_revinclude=*                                                | Organization/lyon Organization/part PractitionerRole/both PractitionerRole/of-unseen
            Patient?_revinclude=Observation:patient                                            | Patient/seen Observation/seen
            Observation?_include=Observation:subject                                           | Observation/seen Observation/of-unseen Patient/seen
            """)
    void included_isNothingUnseen(String query, @Nullable String expected) throws Exception {
        assertFinds("/" + query, expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Organization?_has:PractitionerRole:organization:active=false                       |
            Organization?_has:PractitionerRole:organization:active:not=true                    |
            Organization?_has:PractitionerRole:organization:active=true                        | Organization/lyon
            Organization?_has:Organization:partof:address-city=Paris                           |
            Organization?_has:Organization:partof:name=Part                                    | Organization/lyon
            Organization?_has:Organization:partof:_has:Organization:partof:name=Ward           |
            Organization?_has:PractitionerRole:organization:practitioner.family=Secret         |
            Practitioner?_has:PractitionerRole:practitioner:organization.name=Secret           |
            Practitioner?_has:PractitionerRole:practitioner:organization.name=House            | Practitioner/seen
            Patient?_has:Observation:patient:status=preliminary                                |
            Patient?_has:Observation:patient:status=final                                      | Patient/seen
            """)
    void has_isMetByNothingUnseen(String query, @Nullable String expected) throws Exception {
        assertFinds("/" + query, expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PractitionerRole?organization.name=Secret                     |
            PractitionerRole?organization.address-city=Paris              |
            PractitionerRole?organization.address-city=Lyon               | PractitionerRole/both PractitionerRole/of-unseen
            PractitionerRole?organization.partof=Organization/lyon        |
            PractitionerRole?organization.partof:missing=false            |
            PractitionerRole?organization.partof:missing=true             | PractitionerRole/both PractitionerRole/of-unseen
            PractitionerRole?practitioner.active=false                    |
            PractitionerRole?practitioner.active:not=true                 |
            PractitionerRole?practitioner.family=Secret                   |
            PractitionerRole?practitioner.family=Seen                     | PractitionerRole/both PractitionerRole/at-unseen
            Organization?partof.name=Secret                               |
            Organization?partof.partof.name=House                         |
            Organization?partof.name=House                                | Organization/part
            Observation?subject:Patient.family=Secret                     |
            Observation?patient.active=true                               | Observation/seen
            """)
    void chain_leadsThroughNothingUnseen(String query, @Nullable String expected) throws Exception {
        assertFinds("/" + query, expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Practitioner/seen/$everything           | Practitioner/seen PractitionerRole/both PractitionerRole/at-unseen Organization/lyon
            Organization/lyon/$everything           | Organization/lyon Organization/part PractitionerRole/both PractitionerRole/of-unseen Practitioner/seen
            Organization/part-of-paris/$everything  | Organization/part-of-paris
            Patient/seen/$everything                | Patient/seen Observation/seen
            Patient/seen/*                          | Patient/seen Observation/seen
            Patient/seen/Observation                | Observation/seen
            Practitioner/seen/*                     | Practitioner/seen PractitionerRole/both PractitionerRole/at-unseen
            Practitioner/seen/PractitionerRole      | PractitionerRole/both PractitionerRole/at-unseen
            $directory-search?family=seen           | Practitioner/seen PractitionerRole/both PractitionerRole/at-unseen Organization/lyon
            $directory-search?city=lyon             | Practitioner/seen PractitionerRole/both PractitionerRole/at-unseen Organization/lyon
            $directory-search?city=paris            |
            $directory-search?organization=secret   |
            $directory-search?name=secret&active=any |
            """)
    void everythingAndCompartments_haveNothingUnseen(String path, @Nullable String expected) throws Exception {
        assertFinds("/" + path, expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Organization                                                     | 3
            Organization?name=Secret                                         | 0
            Organization?_id=paris                                           | 0
            Organization?address-city:missing=true                           | 0
            Organization?identifier:not=House                                | 2
            Practitioner                                                     | 1
            PractitionerRole?organization.name=Secret                        | 0
            Organization?_has:PractitionerRole:organization:active=false     | 0
            ?_type=Organization,Practitioner,Patient                         | 5
            Patient/seen/*                                                   | 2
            Patient/seen/Observation                                         | 1
            """)
    void totals_countNothingUnseen(String search, int total) throws Exception {
        String path = search.startsWith("?") ? search : "/" + search;
        for (String more : List.of("_summary=count", "_total=accurate", "_total=estimate", "_count=0")) {
            HttpResponse<String> answer = get(path + (path.contains("?") ? "&" : "?") + more);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(BsonDocument.parse(answer.body()).getNumber("total").intValue())
                    .as("%s %s", path, more)
                    .isEqualTo(total);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "HEAD /",
                "DELETE /",
                "GET /_history",
                "GET /_history/1",
                "GET /$meta",
                "GET /_history/1/$meta",
                "GET /$everything",
                "GET /$validate",
                "POST /$erase",
                "POST /$validate?mode=delete"
            })
    void request_aboutWhatIsNotSeen_isAnsweredAsIfItWereNotThere(String request) throws Exception {
        String method = request.substring(0, request.indexOf(' '));
        String below = request.substring(request.indexOf('/')).replaceFirst("^/(?![_$])", "");
        assertSameAsMissing(id -> send(method, "/Organization/" + id + below, JSON, ""));
    }

    /** Asks for something. */
    private interface Asked {
        HttpResponse<String> of(String id) throws Exception;
    }

    private HttpResponse<String> assertSameAsMissing(Asked asked) throws Exception {
        String before = stored("Organization/paris");
        HttpResponse<String> unseen = asked.of("paris");
        HttpResponse<String> missing = asked.of("where");
        assertThat(unseen.statusCode()).as(unseen.body()).isEqualTo(missing.statusCode());
        assertThat(withoutNames(unseen)).isEqualTo(withoutNames(missing));
        assertThat(unseen.body()).doesNotContain("Secret");
        assertThat(stored("Organization/paris")).isEqualTo(before);
        return unseen;
    }

    /** Without what is different in all answers. */
    private static String withoutNames(HttpResponse<String> answer) {
        return answer.body()
                .replace("paris", "ID")
                .replace("where", "ID")
                .replaceAll("\"(id|lastUpdated|value)\":\"[^\"]*\"", "");
    }

    private String stored(String reference) throws Exception {
        return get(TestServer.TOKEN, "/" + reference).body();
    }

    private static Stream<UnaryOperator<String>> bundles() {
        return Stream.of("batch", "transaction")
                .map(type ->
                        entry -> "{\"resourceType\":\"Bundle\",\"type\":\"" + type + "\",\"entry\":[" + entry + "]}");
    }

    private static String jsonPatch(String city) {
        return "[{\"op\":\"replace\",\"path\":\"/address/0/city\",\"value\":\"" + city + "\"}]";
    }

    private static String fhirPathPatch(String city) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"operation\",\"part\":["
                + "{\"name\":\"type\",\"valueCode\":\"replace\"},"
                + "{\"name\":\"path\",\"valueString\":\"Organization.address[0].city\"},"
                + "{\"name\":\"value\",\"valueString\":\"" + city + "\"}]}]}";
    }

    private static String binary(String patch) {
        String data = Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8));
        return "{\"resourceType\":\"Binary\",\"contentType\":\"" + JSON_PATCH + "\",\"data\":\"" + data + "\"}";
    }

    private static String entry(String method, String url, String resource) {
        return "{\"fullUrl\":\"urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a\",\"resource\":" + resource
                + ",\"request\":{\"method\":\"" + method + "\",\"url\":\"" + url + "\"}}";
    }

    /** That of the first entry, where there are any. */
    private int statusOfEntry(HttpResponse<String> answer) {
        return entries(answer).stream()
                .findFirst()
                .map(entry -> entry.getDocument("response").getString("status").getValue())
                .map(status -> Integer.parseInt(status.substring(0, 3)))
                .orElse(answer.statusCode());
    }

    @Test
    void patch_ofWhatIsNotSeen_isThatOfNothing() throws Exception {
        for (String path : List.of("/Organization/%s", "/Organization?_id=%s")) {
            assertThat(assertSameAsMissing(id -> send("PATCH", path.formatted(id), JSON_PATCH, jsonPatch("Lyon")))
                            .statusCode())
                    .isEqualTo(404);
            assertThat(assertSameAsMissing(id -> send("PATCH", path.formatted(id), JSON, fhirPathPatch("Lyon")))
                            .statusCode())
                    .isEqualTo(404);
            for (UnaryOperator<String> bundle : bundles().toList()) {
                for (String patch : List.of(binary(jsonPatch("Lyon")), fhirPathPatch("Lyon"))) {
                    HttpResponse<String> answer = assertSameAsMissing(id -> send(
                            "POST",
                            "",
                            JSON,
                            bundle.apply(entry("PATCH", path.substring(1).formatted(id), patch))));
                    assertThat(statusOfEntry(answer)).as(answer.body()).isEqualTo(404);
                }
            }
        }
    }

    @Test
    void read_ofAVersionThatTheClientHas_saysNothingOfWhatIsNotSeen() throws Exception {
        for (String path : List.of("/Organization/%s", "/Organization/%s/_history/1")) {
            HttpResponse<String> answer = assertSameAsMissing(id -> Http.send(
                    "GET",
                    server.uri("/fhir" + path.formatted(id)),
                    "Authorization",
                    "Bearer " + token,
                    "If-None-Match",
                    "W/\"1\""));
            assertThat(answer.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void labels_areThoseOfWhatIsSeen() throws Exception {
        String tag = ",\"meta\":{\"tag\":[{\"code\":\"%s\"}]}";
        put("Organization/labelled", organization("Secret", "Paris") + tag.formatted("Secret-label"));
        put("Organization/labelled-too", organization("Labelled", "Lyon") + tag.formatted("label"));

        for (String path : List.of("/$meta", "/Organization/$meta", "/Organization/labelled-too/$meta")) {
            assertThat(get(path).body()).as(path).contains("\"label\"").doesNotContain("Secret");
        }
        erase("labelled", "labelled-too");
    }

    @Test
    void entriesOfABundle_readNothingUnseen() throws Exception {
        String reads = Stream.of(
                        "Organization/paris",
                        "Organization?name=Secret",
                        "Organization?_summary=count",
                        "Organization?_id=lyon&_revinclude=Organization:partof",
                        "Organization/paris/_history",
                        "Organization/paris/$everything",
                        "Patient/seen/*")
                .map(url -> "{\"request\":{\"method\":\"GET\",\"url\":\"" + url + "\"}}")
                .collect(Collectors.joining(","));
        HttpResponse<String> batch =
                send("POST", "", JSON, bundles().toList().get(0).apply(reads));

        assertThat(batch.statusCode()).as(batch.body()).isEqualTo(200);
        assertThat(batch.body().replace("name=Secret", "")).doesNotContain("Secret");
        assertThat(statusOfEntry(batch)).isEqualTo(404);
    }

    /** Some within it, some after its commit. */
    @Test
    void entriesOfATransaction_readNothingUnseen() throws Exception {
        List<String> reads = List.of(
                "Organization?_count=1",
                "Organization?name=Secret",
                "Organization?_summary=count",
                "Organization?_lastUpdated=ge2020",
                "Organization?_id=lyon&_revinclude=Organization:partof",
                "Organization/_history",
                "Organization/lyon/_history",
                "Organization/lyon/$everything",
                "?_type=Organization,Patient",
                "Patient/seen/*");
        String entries = reads.stream()
                .map(url -> "{\"request\":{\"method\":\"GET\",\"url\":\"" + url + "\"}}")
                .collect(Collectors.joining(","));

        HttpResponse<String> transaction =
                send("POST", "", JSON, bundles().toList().get(1).apply(entries));

        assertThat(transaction.statusCode()).as(transaction.body()).isEqualTo(200);
        assertThat(entries(transaction))
                .hasSize(reads.size())
                .allSatisfy(entry -> assertThat(entry.getDocument("response")
                                .getString("status")
                                .getValue())
                        .startsWith("200"));
        assertThat(transaction.body().replace("name=Secret", ""))
                .contains("lyon")
                .doesNotContain("Secret", "\"id\":\"paris\"");
    }

    @Test
    void referenceByCriteria_findsNothingUnseen() throws Exception {
        for (String name : List.of("Secret", "Nowhere")) {
            String mine = "{\"resourceType\":\"Organization\"," + organization("Mine", "Lyon") + ",\"partOf\":"
                    + to("Organization?identifier=" + name) + "}";
            HttpResponse<String> answer =
                    send("POST", "", JSON, bundles().toList().get(1).apply(entry("POST", "Organization", mine)));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(412);
            assertThat(answer.body()).doesNotContain("paris");
        }
    }

    private void erase(String... ids) throws Exception {
        for (String id : ids) {
            HttpResponse<String> erased = Http.write("POST", server.uri("/fhir/Organization/" + id + "/$erase"), "");
            assertThat(erased.statusCode()).as(erased.body()).isEqualTo(200);
        }
    }

    @Test
    void patch_withAVersion_ofWhatIsNotSeen_isThatOfNothing() throws Exception {
        for (String version : List.of("W/\"1\"", "W/\"7\"")) {
            assertSameAsMissing(id -> Http.send(
                    "PATCH",
                    server.uri("/fhir/Organization/" + id),
                    jsonPatch("Lyon").getBytes(StandardCharsets.UTF_8),
                    "Authorization",
                    "Bearer " + token,
                    "Content-Type",
                    JSON_PATCH,
                    "If-Match",
                    version));
        }
    }

    @Test
    void criteria_ofConditionalWrites_findNothingUnseen() throws Exception {
        assertSameAsMissing(id -> send("DELETE", "/Organization?_id=" + id, JSON, ""));
        String mine = "{\"resourceType\":\"Organization\"," + organization("Mine", "Lyon") + "}";
        HttpResponse<String> created = Http.send(
                "POST",
                server.uri("/fhir/Organization"),
                mine.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                JSON,
                "If-None-Exist",
                "identifier=Secret");
        assertThat(created.statusCode()).as("not the one that he does not see").isEqualTo(201);
        String location = created.headers().firstValue("Location").orElseThrow();
        String path = URI.create(location).getPath().replaceFirst("/fhir", "").replaceFirst("/_history/.*", "");
        assertThat(Http.write("DELETE", server.uri("/fhir" + path), "").statusCode())
                .isEqualTo(204);
    }

    /** He could not undo it, and somebody else would have it. */
    @Test
    void write_thatMovesAResourceOut_isRefused() throws Exception {
        String before = stored("Organization/lyon");
        String away = resource("Organization/lyon", organization("House", "Paris"));
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (String path : List.of("/Organization/lyon", "/Organization?_id=lyon")) {
            answers.add(send("PUT", path, JSON, away));
            answers.add(send("PATCH", path, JSON_PATCH, jsonPatch("Paris")));
            answers.add(send("PATCH", path, JSON, fhirPathPatch("Paris")));
            for (UnaryOperator<String> bundle : bundles().toList()) {
                String url = path.substring(1);
                answers.add(send("POST", "", JSON, bundle.apply(entry("PUT", url, away))));
                answers.add(send("POST", "", JSON, bundle.apply(entry("PATCH", url, binary(jsonPatch("Paris"))))));
                answers.add(send("POST", "", JSON, bundle.apply(entry("PATCH", url, fhirPathPatch("Paris")))));
            }
        }

        assertThat(answers).extracting(this::statusOfEntry).hasSize(18).containsOnly(403);
        assertThat(stored("Organization/lyon")).isEqualTo(before);
    }

    @Test
    void write_ofWhatIsOutside_isRefused() throws Exception {
        String before = stored("Organization/paris");
        String here = resource("Organization/paris", organization("Mine", "Lyon"));
        String there = resource("Organization/new", organization("Mine", "Paris"));
        List<HttpResponse<String>> answers = new ArrayList<>();
        answers.add(send("PUT", "/Organization/paris", JSON, here));
        answers.add(send("PUT", "/Organization/new", JSON, there));
        answers.add(send("POST", "/Organization", JSON, there));
        for (UnaryOperator<String> bundle : bundles().toList()) {
            answers.add(send("POST", "", JSON, bundle.apply(entry("PUT", "Organization/paris", here))));
            answers.add(send("POST", "", JSON, bundle.apply(entry("PUT", "Organization/new", there))));
            answers.add(send("POST", "", JSON, bundle.apply(entry("POST", "Organization", there))));
        }

        assertThat(answers).extracting(this::statusOfEntry).containsOnly(403);
        assertThat(answers).extracting(HttpResponse::body).noneMatch(body -> body.contains("Secret"));
        assertThat(stored("Organization/paris")).isEqualTo(before);
        assertThat(get(TestServer.TOKEN, "/Organization/new").statusCode()).isEqualTo(404);
    }

    @Test
    void histories_haveNothingUnseen() throws Exception {
        put("Organization/moves", organization("Secret", "Paris"));
        put("Organization/moves", organization("Moved", "Lyon"));
        put("Organization/left", organization("Left", "Lyon"));
        put("Organization/left", organization("Secret", "Paris"));

        for (String path : List.of("/_history", "/Organization/_history", "/Organization/moves/_history")) {
            HttpResponse<String> history = get(path);
            assertThat(history.statusCode()).as(path).isEqualTo(200);
            assertThat(history.body()).as(path).contains("Organization/moves").doesNotContain("Secret", "Left");
        }
        assertThat(get("/Organization/moves/_history/1").statusCode()).isEqualTo(404);
        assertThat(get("/Organization/left/_history").statusCode()).isEqualTo(404);
        assertThat(get("/Organization/left/_history/1").statusCode()).isEqualTo(404);
        erase("moves", "left");
    }

    /** More than fits into a link: it is kept, and the link has its name. */
    private static String longSearch() {
        return "/Organization?_count=1&name=House,Part,"
                + Stream.generate(() -> "x".repeat(80)).limit(30).collect(Collectors.joining(","));
    }

    static Stream<String> pages() {
        return Stream.of(
                "/Organization?_count=1",
                longSearch(),
                "?_type=Organization,Practitioner&_count=1",
                "/_history?_count=1",
                "/Organization/_history?_count=1",
                "/Organization/lyon/$everything?_count=1",
                "/Practitioner/seen/*?_count=1",
                "/Practitioner/seen/PractitionerRole?_count=1");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linkToAPage_worksForWhomItWasMade_andHasNothingUnseen(String path) throws Exception {
        String same = admin.consumer("narrowed-too", PERMISSIONS);
        HttpResponse<String> page = get(path);
        int pages = 0;
        for (String next = next(page); !next.isEmpty(); next = next(page)) {
            assertThat(next).hasSizeLessThan(2_000);
            for (String other : List.of(same, TestServer.TOKEN)) {
                HttpResponse<String> foreign = get(other, next);
                assertThat(foreign.statusCode()).as(foreign.body()).isEqualTo(400);
                assertThat(foreign.body()).doesNotContain("House", "Part", "Secret");
            }
            page = get(next);
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            assertThat(page.body()).doesNotContain("Secret");
            pages++;
        }
        assertThat(pages).as(path).isPositive();
        admin.revokeAll("narrowed-too");
        admin.remove("consumers/narrowed-too");
        admin.remove("roles/narrowed-too");
    }

    /** Empty where it is the last page. */
    private static String next(HttpResponse<String> page) {
        return BsonDocument.parse(page.body()).getArray("link").stream()
                .map(BsonValue::asDocument)
                .filter(link -> link.getString("relation").getValue().equals("next"))
                .map(link -> link.getString("url").getValue())
                .map(url -> url.substring(url.indexOf("/fhir") + "/fhir".length()))
                .findFirst()
                .orElse("");
    }
}
