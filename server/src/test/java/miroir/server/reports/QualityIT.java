package miroir.server.reports;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.hl7.fhir.r4.model.MeasureReport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A directory of which it is known what is wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class QualityIT {
    private static final String FORMULA = "=1+1;\"x\"";
    private static final String MSS = """
            "telecom":[{"system":"email","value":"%s","extension":[{
              "url":"https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type",
              "valueCoding":{"system":"https://mos.esante.gouv.fr/NOS/TRE_R256-TypeMessagerie/FHIR/TRE-R256-TypeMessagerie","code":"MSSANTE"}}]}]""";

    private static final BsonDocument NEVER_COPIED =
            new BsonDocument("definition", new BsonDocument("type", new BsonString("Organization")));
    private static final BsonDocument COPIED = NEVER_COPIED
            .clone()
            .append(
                    "mark",
                    new BsonDateTime(Instant.parse("2026-11-28T05:15:00Z").toEpochMilli()));

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start("reports: {quality: 24h}", database);
        try (Ledger ledger = Ledger.open(TestServer.settings(database))) {
            ledger.makeSure(Ledger.SYNCHRONISATIONS);
            Lease lease = ledger.take("sync", "test", Duration.ofMinutes(1)).orElseThrow();
            ledger.change(lease, List.of(Change.set(Ledger.SYNCHRONISATIONS, "of Organization", NEVER_COPIED)));
            fill();
            ledger.change(lease, List.of(Change.set(Ledger.SYNCHRONISATIONS, "of Organization", COPIED)));
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> get("/reports/quality.json").statusCode() == 200);
    }

    private void fill() throws Exception {
        put("CodeSystem/r38", """
                "url":"urn:r38","status":"active","content":"complete","concept":[{"code":"SM54","concept":[{"code":"SM05"}]}]""");
        put("CodeSystem/part", """
                "url":"urn:part","status":"active","content":"fragment","concept":[{"code":"A"}]""");
        put("Practitioner/p1", rpps("1") + """
                ,"name":[{"family":"Dupont","given":["Jeanne","Marie"]}],
                "qualification":[{"code":{"coding":[{"system":"urn:r38","code":"SM05"},{"system":"urn:r38","code":"SM99"},{"system":"urn:part","code":"B"}]}}]""");
        put("Practitioner/p2", rpps("1"));
        put("Practitioner/over", rpps("1") + ",\"active\":false," + MSS.formatted("over@mss.fr"));
        put("Practitioner/p3", rpps("3") + "," + MSS.formatted("three@mss.fr"));
        put("Organization/full", """
                "name":"Clinique","address":[{"city":"LYON"}],"telecom":[{"system":"phone","value":"0400000000"}],
                "identifier":[{"system":"https://sirene.fr","value":"9","type":{"coding":[{"code":"SIREN"}]}}]""");
        put("Organization/part", """
                "name":"Annexe","address":[{"_line":[{"extension":[{"url":"urn:x","valueString":"1"}]}]}],"partOf":{"reference":"Organization/full"},
                "identifier":[{"system":"https://sirene.fr","value":"9","type":{"coding":[{"code":"SIREN"}]}}]""");
        put(
                "Organization/bare",
                "\"name\":\"" + FORMULA.replace("\"", "\\\"") + "\",\"address\":[{\"country\":\"FR\"}],"
                        + "\"partOf\":{\"reference\":\"Organization/gone\"}");
        put("Organization/erased", "\"name\":\"Leaving\",\"address\":[{\"text\":\"here\"}]");
        put("Organization/closed", "\"name\":\"Closed\",\"active\":false");
        put("PractitionerRole/whole", """
                "practitioner":{"reference":"Practitioner/p1"},"organization":{"reference":"Organization/full"}""");
        put("PractitionerRole/lost", """
                "practitioner":{"reference":"Practitioner/nobody"},"organization":{"reference":"Organization/gone"},""" + MSS.formatted("lost@mss.fr"));
        put("PractitionerRole/placeless", """
                "practitioner":{"reference":"Practitioner/over"},""" + MSS.formatted("left@mss.fr"));
        put("PractitionerRole/over", """
                "active":false,"practitioner":{"reference":"Practitioner/nobody"}""");
    }

    private static String rpps(String value) {
        return "\"identifier\":[{\"system\":\"https://rpps.esante.gouv.fr\",\"value\":\"" + value
                + "\",\"type\":{\"coding\":[{\"code\":\"RPPS\"}]}}]";
    }

    private void put(String path, String fields) throws Exception {
        String[] parts = path.split("/", 2);
        String json = "{\"resourceType\":\"" + parts[0] + "\",\"id\":\"" + parts[1] + "\"," + fields + "}";
        HttpResponse<String> answer = Http.write("PUT", server.uri("/fhir/" + path), json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return Http.send("GET", server.uri(path), headers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "dangling-references; Organization/bare PractitionerRole/lost PractitionerRole/lost",
                "shared-identifiers; Practitioner/p1 Practitioner/p2",
                "roles-without-place; PractitionerRole/placeless",
                "places-without-address; Organization/bare",
                "places-without-phone; Organization/bare Organization/part",
                "unknown-codes; Practitioner/p1",
                "mailboxes-without-owner; Practitioner/over PractitionerRole/lost PractitionerRole/placeless"
            })
    void list_hasWhatIsWrong(String check, String expected) throws Exception {
        HttpResponse<String> csv = get("/reports/quality/" + check + ".csv");
        assertThat(csv.statusCode()).as(csv.body()).isEqualTo(200);
        assertThat(csv.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"" + check + ".csv\"");
        List<String> lines = List.of(csv.body().split("\r\n", -1));
        assertThat(lines.get(0)).isEqualTo("\ufefftype;id;identifier;name;what");
        assertThat(lines.subList(1, lines.size() - 1).stream()
                        .map(line -> line.split(";", -1))
                        .map(cells -> cells[0] + "/" + cells[1])
                        .filter(key -> !key.equals("Organization/erased"))
                        .sorted()
                        .collect(Collectors.joining(" ")))
                .isEqualTo(expected);
        assertThat(get("/reports/quality/" + check + ".ndjson").body().lines())
                .hasSizeBetween(lines.size() - 3, lines.size() - 1);
    }

    @Test
    void list_saysWhatIsWrong() throws Exception {
        assertThat(get("/reports/quality/unknown-codes.ndjson").body()).isEqualTo("""
                        {"type":"Practitioner","id":"p1","identifier":"1","name":"Dupont Jeanne Marie","what":"urn:r38|SM99"}
                        """);
        assertThat(get("/reports/quality/shared-identifiers.csv").body())
                .contains("Practitioner;p1;1;Dupont Jeanne Marie;https://rpps.esante.gouv.fr|1 = Practitioner/p2");
        assertThat(get("/reports/quality/places-without-address.csv").body())
                .contains("Organization;bare;;\"'=1+1;\"\"x\"\"\";\r\n");
        assertThat(get("/reports/quality/mailboxes-without-owner.csv").body())
                .contains("lost@mss.fr (Practitioner/nobody?)", "left@mss.fr (Practitioner/over: active=false)");
    }

    @Test
    void report_countsWhatTheListsHave() throws Exception {
        MeasureReport report = FhirContext.forR4Cached()
                .newJsonParser()
                .parseResource(MeasureReport.class, get("/reports/quality.json").body());
        Map<String, String> counts = report.getGroup().stream()
                .collect(Collectors.toMap(
                        group -> group.getCode().getCodingFirstRep().getCode(),
                        group -> group.getPopulation().get(1).getCount() + "/"
                                + group.getPopulation().get(0).getCount()));
        assertThat(counts)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "dangling-references", "2/7",
                        "shared-identifiers", "2/10",
                        "roles-without-place", "1/3",
                        "places-without-address", "1/4",
                        "places-without-phone", "3/4",
                        "unknown-codes", "1/1",
                        "mailboxes-without-owner", "3/4"));
        assertThat(report.getGroupFirstRep().getExtensionFirstRep().getValue().primitiveValue())
                .endsWith("/reports/quality/dangling-references.csv");
        String french = get("/reports/quality").body();
        assertThat(french).contains("<html lang=\"fr\">", "Situations d’exercice sans lieu", "33,33\u00a0%");
        String english = get("/reports/quality?lang=en").body();
        assertThat(english).contains("<html lang=\"en\">", "Roles without a place", "33.33\u00a0%");
        assertThat(get("/reports/quality", "Accept-Language", "en-GB,en;q=0.9").body())
                .isEqualTo(english.replace("data-here=\"/reports/quality?lang=en\"", "data-here=\"/reports/quality\""));
    }

    @Test
    void paths_areRefusedByName() throws Exception {
        assertThat(get("/reports/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/reports/nothing").body()).contains("/reports/quality.json");
        assertThat(get("/reports/quality?lang=de").statusCode()).isEqualTo(400);
        assertThat(Http.send("POST", server.uri("/reports/quality")).statusCode())
                .isEqualTo(405);
        assertThat(Arrays.asList("/reports", "/reports/"))
                .allSatisfy(path -> assertThat(get(path).statusCode()).isEqualTo(404));
    }

    @Test
    void whatIsErased_isNotListedAnyMore() throws Exception {
        String list = "/reports/quality/places-without-phone.csv";
        assertThat(get(list).body()).contains("Organization;erased;");
        assertThat(Http.write("POST", server.uri("/fhir/Organization/erased/$erase"), "")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(list).body()).contains("Organization;bare;").doesNotContain("erased");
    }

    @Test
    void head_hasNoRows() throws Exception {
        HttpResponse<String> head = Http.send("HEAD", server.uri("/reports/quality/unknown-codes.csv"));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Type")).hasValue("text/csv;charset=UTF-8");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void report_saysHowOldWhatItSawWas() throws Exception {
        assertThat(get("/reports/quality.json").headers().firstValue("Miroir-Copied-As-Of"))
                .hasValue(Instant.ofEpochMilli(COPIED.getDateTime("mark").getValue())
                        .toString());
    }

    @Test
    void consumers_whoSeeAllOfIt_seeIt(TestDatabase database) throws Exception {
        try (TestServer closed = TestServer.withAccess(
                "access: {mode: token}\nreports: {quality: never}", database, TestServer.memory())) {
            AdminClient admin = AdminClient.local(closed);
            String all = admin.consumer("all", "SEARCH on *");
            String some = admin.consumer(
                    "some",
                    "SEARCH on Practitioner",
                    "SEARCH on PractitionerRole",
                    "SEARCH on HealthcareService",
                    "SEARCH on Device",
                    "SEARCH on Organization?active=true");
            String reader = admin.consumer("reads-only", "READ on *");
            for (String path :
                    List.of("/reports/quality", "/reports/quality.json", "/reports/quality/unknown-codes.csv")) {
                assertThat(status(closed, path, "")).isEqualTo(401);
                assertThat(status(closed, path, some)).isEqualTo(403);
                assertThat(status(closed, path, reader)).isEqualTo(403);
                // Nothing is made here, and so there is nothing.
                assertThat(status(closed, path, all)).isEqualTo(404);
            }
        }
    }

    private static int status(TestServer server, String path, String token) throws Exception {
        String[] headers = token.isEmpty() ? new String[0] : new String[] {"Authorization", "Bearer " + token};
        return Http.send("GET", server.uri(path), headers).statusCode();
    }

    @Test
    void closedServer_wantsAToken(TestDatabase database) throws Exception {
        try (TestServer closed = TestServer.start("access: {mode: token}\nreports: {quality: never}", database)) {
            assertThat(Http.send("GET", closed.uri("/reports/quality")).statusCode())
                    .isEqualTo(401);
            assertThat(Http.send(
                                    "GET",
                                    closed.uri("/reports/quality/unknown-codes.csv"),
                                    "Authorization",
                                    "Bearer " + TestServer.TOKEN)
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
