package miroir.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class ValidateIT {
    private static final FhirContext CONTEXT = FhirContext.forR4Cached();
    private static final String BORN = "{\"resourceType\":\"Practitioner\",\"birthDate\":\"1970-01-01\"}";
    private static final String PRACTITIONER = "http://hl7.org/fhir/StructureDefinition/Practitioner";
    private static final String UNBORN = "{\"resourceType\":\"Practitioner\",\"active\":true}";

    private static final Set<String> TYPES = Set.of(
            "Bundle", "CodeSystem", "Observation", "Organization", "Practitioner", "StructureDefinition", "ValueSet");

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        Path file = TestPackage.write(folder.resolve("test.tgz"));
        server = TestServer.of(TYPES, "validation: {packages: '" + file + "', concurrent: 2}\n", database);
        put("Practitioner", "stored", "{\"resourceType\":\"Practitioner\",\"id\":\"stored\",\"active\":true}");
        put("Organization", "nameless", "{\"resourceType\":\"Organization\",\"id\":\"nameless\",\"active\":true}");
        put("Practitioner", "erased", "{\"resourceType\":\"Practitioner\",\"id\":\"erased\"}");
        Http.write("POST", server.uri("/fhir/Practitioner/erased/$erase"), "");
        // A busy machine may take longer to load the validator than a validation may.
        await().atMost(Duration.ofMinutes(2))
                .until(() -> post("/Practitioner/$validate", BORN).statusCode() == 200);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void validate_whatIsRight_findsNoProblem() throws Exception {
        OperationOutcome outcome = validated("/Practitioner/$validate", BORN);

        assertThat(outcome.getIssue()).hasSize(1);
        assertThat(outcome.getIssueFirstRep().getSeverity()).isEqualTo(IssueSeverity.INFORMATION);
        assertThat(outcome.getIssueFirstRep().getDiagnostics()).isEqualTo("no problem was found");
        assertThat(errors("/Practitioner/$validate", parameters(BORN, ""))).isEmpty();
        assertThat(errors("/Practitioner/stored/$validate", "")).isEmpty();
        assertThat(Http.send("GET", server.uri("/fhir/Practitioner/stored/$validate"))
                        .body())
                .contains("no problem was found");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Practitioner | {"resourceType":"Practitioner","nonsense":1}                                  | Practitioner.nonsense | no element
            Practitioner | {"resourceType":"Practitioner","gender":"x"}                                  | Practitioner.gender   | not a code
            Practitioner | {"resourceType":"Practitioner","birthDate":"soon"}                            | Practitioner.birthDate | soon
            Observation  | {"resourceType":"Observation","code":{"text":"x"}}                            | Observation.status    | missing
            Organization | {"resourceType":"Organization","active":true}                                 | Organization          | org-1
            Practitioner | {"resourceType":"Practitioner","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'><script>x</script></div>"}} | div | script
            """)
    void validate_whatIsWrong_saysWhatAndWhere(String type, String resource, String path, String said)
            throws Exception {
        List<OperationOutcome.OperationOutcomeIssueComponent> errors = errors("/" + type + "/$validate", resource);

        assertThat(errors).isNotEmpty().anySatisfy(error -> {
            assertThat(error.getDiagnostics()).containsIgnoringCase(said);
            assertThat(error.getExpression()).anyMatch(each -> each.getValue().contains(path));
        });
    }

    @Test
    void validate_inXml_isTheSame() throws Exception {
        HttpResponse<String> found = Http.send(
                "POST",
                server.uri("/fhir/Organization/$validate?_format=xml"),
                "<Organization xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Organization>".getBytes(UTF_8),
                "Content-Type",
                "application/fhir+xml",
                "Authorization",
                "Bearer " + TestServer.TOKEN);

        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        assertThat(found.body()).startsWith("<OperationOutcome").contains("<severity value=\"error\"/>", "org-1");
    }

    @Test
    void validate_againstAProfile_heedsIt() throws Exception {
        String profile = "?profile=" + TestPackage.PROFILE;
        assertThat(errors("/Practitioner/$validate" + profile, BORN)).isEmpty();
        assertThat(errors("/Practitioner/$validate" + profile, UNBORN))
                .singleElement()
                .satisfies(error -> assertThat(error.getDiagnostics()).contains("birthDate"));
        assertThat(errors(
                        "/Practitioner/$validate",
                        parameters(UNBORN, ",{\"name\":\"profile\",\"valueUri\":\"" + TestPackage.PROFILE + "\"}")))
                .hasSize(1);
        String named =
                UNBORN.replace("\"active\"", "\"meta\":{\"profile\":[\"" + TestPackage.PROFILE + "\"]},\"active\"");
        assertThat(errors("/Practitioner/$validate", named)).hasSize(1);
        assertThat(errors("/Practitioner/stored/$validate" + profile, "")).hasSize(1);
        assertThat(errors("/Practitioner/stored/$validate" + profile + "&mode=profile", ""))
                .hasSize(1);
        String job = BORN.replace(
                "\"birthDate\"",
                "\"qualification\":[{\"code\":{\"coding\":[{\"system\":\"http://example.org/jobs\",\"code\":\"%s\"}]}}],\"birthDate\"");
        assertThat(errors("/Practitioner/$validate" + profile, job.formatted("10")))
                .isEmpty();
        assertThat(errors("/Practitioner/$validate" + profile, job.formatted("11")))
                .isNotEmpty();
    }

    @Test
    void validate_againstWhatIsStored_heedsItAsItIsNow() throws Exception {
        String profile = "http://example.org/StructureDefinition/stored";
        String asked = "/Practitioner/$validate?profile=" + profile;
        assertThat(errors(asked, UNBORN)).singleElement().satisfies(says("is not known here"));

        store("StructureDefinition", "stored", profile(profile, PRACTITIONER, "birthDate"));
        assertThat(errors(asked, UNBORN)).singleElement().satisfies(says("birthDate"));
        assertThat(errors(asked, BORN)).isEmpty();
        assertThat(errors(asked + "%7C1", UNBORN)).singleElement().satisfies(says("birthDate"));
        assertThat(errors(asked + "%7C2", UNBORN)).singleElement().satisfies(says("is not known here"));
        String named = UNBORN.replace("\"active\"", "\"meta\":{\"profile\":[\"" + profile + "\"]},\"active\"");
        assertThat(errors("/Practitioner/$validate", named)).singleElement().satisfies(says("birthDate"));

        store("StructureDefinition", "stored", profile(profile, PRACTITIONER, "gender"));
        assertThat(errors(asked, BORN)).singleElement().satisfies(says("gender"));
        String derived = "http://example.org/StructureDefinition/derived";
        store("StructureDefinition", "derived", profile(derived, profile, "active"));
        assertThat(errors("/Practitioner/$validate?profile=" + derived, BORN)).hasSize(2);

        Http.write("DELETE", server.uri("/fhir/StructureDefinition/stored"), "");
        assertThat(errors(asked, BORN)).singleElement().satisfies(says("is not known here"));
    }

    @Test
    void validate_againstStoredCodes_knowsAllOfThem() throws Exception {
        String profile = "http://example.org/StructureDefinition/coded";
        String codes = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"code\":\"c" + i + "\"}")
                .collect(Collectors.joining(","));
        store("CodeSystem", "many", """
                {"resourceType":"CodeSystem","id":"many","url":"http://example.org/many","status":"active",
                "content":"complete","concept":[%s]}""".formatted(codes));
        store("ValueSet", "many", """
                {"resourceType":"ValueSet","id":"many","url":"http://example.org/ValueSet/many","status":"active",
                "compose":{"include":[{"system":"http://example.org/many"}]}}""");
        store(
                "StructureDefinition",
                "coded",
                profile(profile, PRACTITIONER, "qualification.code").replace("\"min\":1", """
                "binding":{"strength":"required","valueSet":"http://example.org/ValueSet/many"}"""));
        String coded = "{\"resourceType\":\"Practitioner\",\"qualification\":[{\"code\":{\"coding\":"
                + "[{\"system\":\"http://example.org/many\",\"code\":\"%s\"}]}}]}";
        assertThat(errors("/Practitioner/$validate?profile=" + profile, coded.formatted("c9999")))
                .isEmpty();
        assertThat(errors("/Practitioner/$validate?profile=" + profile, coded.formatted("c10000")))
                .isNotEmpty();
    }

    @Test
    void validate_againstWhatIsStoredAndCannotBeUsed_saysWhy() throws Exception {
        String url = "http://example.org/StructureDefinition/";
        store("StructureDefinition", "one", profile(url + "one", url + "two", "birthDate"));
        store("StructureDefinition", "two", profile(url + "two", url + "one", "birthDate"));
        store(
                "StructureDefinition",
                "large",
                profile(url + "large", PRACTITIONER, "birthDate")
                        .replace("\"status\"", "\"description\":\"" + "x".repeat((1 << 20) + 1) + "\",\"status\""));
        store(
                "StructureDefinition",
                "wrong",
                profile(url + "wrong", PRACTITIONER, "x").replace("\"type\":\"Practitioner\"", "\"type\":\"Patient\""));
        store("StructureDefinition", "orphan", profile(url + "orphan", url + "none", "birthDate"));

        assertThat(said(url + "one"))
                .contains("\"" + url + "two\" is stored here and not used: it is derived from itself");
        assertThat(said(url + "large")).contains("validation.stored");
        assertThat(said(url + "wrong")).contains("is stored here and not used: it is wrong");
        assertThat(said(url + "orphan")).contains("\"" + url + "none\", is not known here");
        assertThat(errors("/Practitioner/$validate?profile=" + TestPackage.PROFILE, BORN))
                .isEmpty();
    }

    /** Each is small as it is stored; what is made of them is not. */
    @Test
    void validate_againstManyThatAreDerived_usesNoMoreThanThereIsRoomFor() throws Exception {
        String url = "http://example.org/StructureDefinition/n";
        for (int i = 0; i < 20; i++) {
            store("StructureDefinition", "n" + i, profile(url + i, i == 0 ? PRACTITIONER : url + (i - 1), "birthDate"));
        }

        assertThat(said(url + 5)).doesNotContain("validation.stored");
        assertThat(said(url + 19)).contains("with the others that are needed", "validation.stored");
        assertThat(errors("/Practitioner/$validate?profile=" + url + 5, UNBORN)).isNotEmpty();
    }

    private String said(String profile) throws Exception {
        return validated("/Practitioner/$validate?profile=" + profile, BORN).getIssue().stream()
                .map(OperationOutcome.OperationOutcomeIssueComponent::getDiagnostics)
                .collect(Collectors.joining("\n"));
    }

    /** One that is not stopped would say what is wrong with it. */
    @Test
    void validate_onceItIsInterrupted_stops() throws Exception {
        String names = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"family\":\"f" + i + "\"}")
                .collect(Collectors.joining(","));
        ExecutorService client = Executors.newSingleThreadExecutor();
        Future<Integer> status = client.submit(
                () -> post("/Practitioner/$validate", "{\"resourceType\":\"Practitioner\",\"name\":[" + names + "]}")
                        .statusCode());
        await().until(() -> {
            List<Thread> validating = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("validate"))
                    .toList();
            validating.forEach(Thread::interrupt);
            return !validating.isEmpty();
        });
        assertThat(status.get()).isGreaterThanOrEqualTo(500);
        client.shutdown();
        assertThat(errors("/Practitioner/$validate", BORN)).isEmpty();
    }

    private static Consumer<OperationOutcome.OperationOutcomeIssueComponent> says(String what) {
        return issue -> assertThat(issue.getDiagnostics()).contains(what);
    }

    private void store(String type, String id, String json) throws Exception {
        HttpResponse<String> stored = Http.write("PUT", server.uri("/fhir/" + type + "/" + id), json);
        assertThat(stored.statusCode()).as(stored.body()).isIn(200, 201);
    }

    /** Of practitioners; they have to have this element. */
    private static String profile(String url, String base, String element) {
        return """
                {"resourceType":"StructureDefinition","id":"%s","url":"%s","version":"1","name":"P","status":"active",
                "fhirVersion":"4.0.1","kind":"resource","abstract":false,"type":"Practitioner","baseDefinition":"%s",
                "derivation":"constraint","differential":{"element":[{"id":"Practitioner.%s","path":"Practitioner.%s","min":1}]}}""".formatted(url.substring(url.lastIndexOf('/') + 1), url, base, element, element);
    }

    @Test
    void validate_againstAnUnknownProfile_namesThoseThatAreKnown() throws Exception {
        assertThat(errors("/Practitioner/$validate?profile=http://example.org/none", BORN))
                .singleElement()
                .satisfies(error -> assertThat(error.getDiagnostics())
                        .contains("http://example.org/none", "is not known here", TestPackage.PROFILE));
    }

    @Test
    void validate_whatIsNotKnownHere_isNoError() throws Exception {
        assertThat(errors("/Observation/$validate", """
                {"resourceType":"Observation","meta":{"profile":["http://example.org/unknown"]},"status":"final",
                "code":{"coding":[{"system":"http://example.org/unknown","code":"x"},{"system":"http://snomed.info/sct","code":"1"}]},
                "subject":{"reference":"Patient/unknown"},"valueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"mg/dL"},
                "extension":[{"url":"http://example.org/unknown","valueString":"x"}]}""")).isEmpty();
    }

    @Test
    void validate_asAWrite_saysWhetherItWouldBeTaken() throws Exception {
        String stored = "{\"resourceType\":\"Practitioner\",\"id\":\"stored\"}";
        assertThat(errors("/Practitioner/$validate?mode=create", BORN)).isEmpty();
        assertThat(
                        errors(
                                "/Practitioner/$validate?mode=create",
                                "{\"resourceType\":\"Practitioner\",\"meta\":{\"tag\":[{\"system\":"
                                        + "\"http://terminology.hl7.org/CodeSystem/v3-ObservationValue\",\"code\":\"SUBSETTED\"}]}}"))
                .anySatisfy(error -> assertThat(error.getDiagnostics()).contains("SUBSETTED"));
        assertThat(errors("/Practitioner/stored/$validate?mode=update", stored)).isEmpty();
        assertThat(errors("/Practitioner/stored/$validate?mode=update", BORN))
                .anySatisfy(error -> assertThat(error.getDiagnostics()).contains("no id"));
        assertThat(errors("/Practitioner/stored/$validate?mode=update", stored.replace("\"stored\"", "5")))
                .singleElement()
                .satisfies(error ->
                        assertThat(error.getExpression().get(0).getValue()).isEqualTo("Practitioner.id"));
        assertThat(errors("/Practitioner/erased/$validate?mode=update", stored.replace("stored", "erased")))
                .anySatisfy(error -> assertThat(error.getDiagnostics()).contains("was erased"));
        assertThat(errors("/Practitioner/stored/$validate?mode=delete", "")).isEmpty();
        assertThat(errors("/Practitioner/none/$validate?mode=delete", ""))
                .anySatisfy(error -> assertThat(error.getDiagnostics()).contains("is not known"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /Practitioner/$validate             | {"resourceType":"Practitioner"      | 400 | ``
            /Practitioner/$validate             | ``                                  | 400 | no resource to be validated
            /Practitioner/$validate             | {"resourceType":"Parameters"}       | 400 | no resource to be validated
            /Practitioner/$validate             | {"resourceType":"Parameters","parameter":1}                  | 400 | no list of parameters
            /Practitioner/$validate             | {"resourceType":"Parameters","parameter":[{"name":"x"}]}     | 400 | allowed: resource, mode, profile
            /Practitioner/$validate             | {"resourceType":"Parameters","parameter":[{"name":"mode"}]}  | 400 | has no value
            /Practitioner/$validate             | {"resourceType":"Organization"}     | 400 | the URL says Practitioner
            /Practitioner/$validate?mode=update | {"resourceType":"Practitioner"}     | 400 | /[id]/$validate
            /Practitioner/$validate?mode=merge  | {"resourceType":"Practitioner"}     | 400 | allowed: create, update, delete, profile
            /Practitioner/$validate?mode=profile | {"resourceType":"Practitioner"}    | 400 | /[id]/$validate
            /Practitioner/stored/$validate?mode=profile | ``                          | 400 | name one
            /Practitioner/$validate?profile=1&profile=2&profile=3&profile=4&profile=5&profile=6&profile=7&profile=8&profile=9&profile=10&profile=11 | {"resourceType":"Practitioner"} | 400 | more than 10 profiles
            /Practitioner/$validate?x=1         | {"resourceType":"Practitioner"}     | 400 | "x"
            /Practitioner/stored/$validate?mode=create | {"resourceType":"Practitioner"} | 400 | mode=create
            /Practitioner/none/$validate        | ``                                  | 404 | not known
            """)
    void request_thatCannotBeUsed_isRefused(String path, String body, int status, String said) throws Exception {
        HttpResponse<String> refused = post(path, body == null ? "" : body);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(refused.body()).contains(said == null ? "" : said.replace("\"", "\\\""));
    }

    @Test
    void validate_whatIsHostile_isBounded() throws Exception {
        String nested = "{\"extension\":[".repeat(60);
        assertThat(post("/Practitioner/$validate", "{\"resourceType\":\"Practitioner\",\"extension\":[" + nested)
                        .statusCode())
                .isIn(400, 413);
        HttpResponse<String> laughs = Http.send(
                "POST",
                server.uri("/fhir/Practitioner/$validate"),
                ("<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>"
                                + "<Practitioner xmlns=\"http://hl7.org/fhir\"><id value=\"&b;\"/></Practitioner>")
                        .getBytes(UTF_8),
                "Content-Type",
                "application/fhir+xml");
        assertThat(laughs.statusCode()).as(laughs.body()).isEqualTo(400);
        assertThat(post(
                                "/Practitioner/$validate",
                                BORN.replace(
                                        "\"birthDate\"",
                                        "\"name\":[{\"text\":\"" + "x".repeat(1 << 20) + "\"}],\"birthDate\""))
                        .statusCode())
                .isEqualTo(413);
        String entries = IntStream.range(0, 100)
                .mapToObj(i -> "{\"fullUrl\":\"http://e.org/Practitioner/" + i + "\",\"resource\":{\"resourceType\":"
                        + "\"Practitioner\",\"id\":\"" + i + "\",\"active\":true}}")
                .collect(Collectors.joining(","));
        assertThat(errors(
                        "/Bundle/$validate",
                        "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[" + entries + "]}"))
                .isEmpty();
    }

    @Test
    void validate_manyAtOnce_takesTurns() throws Exception {
        List<Callable<Integer>> requests = new ArrayList<>();
        IntStream.range(0, 8)
                .forEach(i ->
                        requests.add(() -> post("/Practitioner/$validate", BORN).statusCode()));
        ExecutorService clients = Executors.newFixedThreadPool(8);
        for (Future<Integer> status : clients.invokeAll(requests)) {
            assertThat(status.get()).isEqualTo(200);
        }
        clients.shutdown();
    }

    @Test
    void metadata_namesTheOperation() throws Exception {
        CapabilityStatement statement = CONTEXT.newJsonParser()
                .parseResource(
                        CapabilityStatement.class,
                        Http.send("GET", server.uri("/fhir/metadata")).body());

        assertThat(statement.getRestFirstRep().getResource())
                .allSatisfy(resource -> assertThat(resource.getOperation())
                        .extracting(operation -> operation.getDefinition())
                        .contains("http://hl7.org/fhir/OperationDefinition/Resource-validate"));
    }

    private void put(String type, String id, String json) throws Exception {
        assertThat(Http.write("PUT", server.uri("/fhir/" + type + "/" + id), json)
                        .statusCode())
                .isEqualTo(201);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return Http.write("POST", server.uri("/fhir" + path), body);
    }

    private static String parameters(String resource, String others) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"resource\",\"resource\":" + resource + "}"
                + others + "]}";
    }

    private OperationOutcome validated(String path, String body) throws Exception {
        HttpResponse<String> found = post(path, body);
        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        return CONTEXT.newJsonParser()
                .setParserErrorHandler(new StrictErrorHandler())
                .parseResource(OperationOutcome.class, found.body());
    }

    private List<OperationOutcome.OperationOutcomeIssueComponent> errors(String path, String body) throws Exception {
        return validated(path, body).getIssue().stream()
                .filter(issue -> issue.getSeverity() == IssueSeverity.ERROR)
                .toList();
    }
}
