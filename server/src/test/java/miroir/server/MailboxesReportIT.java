package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
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

/** Secure mailboxes and whose they are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class MailboxesReportIT {
    private static final String BOX = """
            {"extension":[{"url":"https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type",\
            "valueCoding":{"code":"MSSANTE"}},\
            {"url":"https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-mailbox-mss-metadata","extension":[\
            {"url":"type","valueCodeableConcept":{"coding":[{"system":"https://mos.esante.gouv.fr/NOS/TRE_R257-TypeBAL/FHIR/TRE-R257-TypeBAL","code":"%s"}]}},\
            {"url":"description","valueString":"Accueil"},{"url":"service","valueString":"Urgences"},\
            {"url":"digitization","valueBoolean":true}]}],"system":"email","value":"%s"}""";

    private TestServer server;
    private String narrowed;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("access: {mode: token}", database, TestServer.ready(database));
        narrowed = AdminClient.local(server)
                .consumer(
                        "narrowed",
                        "SEARCH on Organization?address-city=Lyon",
                        "SEARCH on Practitioner?active=true",
                        "SEARCH on PractitionerRole?active=true");
        put("Organization/o1", place("Hôpital <b>", "690000001", "69003", "LYON", box("ORG", "accueil@hl.mssante.fr")));
        put(
                "Organization/o2",
                place(
                        "Hôpital de Paris",
                        "750000001",
                        "75014",
                        "PARIS",
                        box("ORG", "accueil@hp.mssante.fr") + "," + box("APP", "=app@hp.mssante.fr")
                                + ",{\"system\":\"email\",\"value\":\"contact@hp.example\"}"));
        put("Organization/o3", "\"name\":\"none\"");
        put(
                "Practitioner/p1",
                "\"active\":true,\"name\":[{\"family\":\"Durand\",\"given\":[\"Zoé\"]}],\"identifier\":[{\"type\":{\"coding\":[{\"code\":\"RPPS\"}]},\"value\":\"10001\"}],\"telecom\":["
                        + box("PER", "zoe.durand@mssante.fr") + "]");
        put("PractitionerRole/r1", role("o1", box("CAB", "cabinet.durand@mssante.fr")));
        put("PractitionerRole/r2", role("o2", box("CAB", "cabinet2.durand@mssante.fr")));
    }

    private static String box(String kind, String address) {
        return BOX.formatted(kind, address);
    }

    private static String place(String name, String finess, String postalCode, String city, String mailboxes) {
        return "\"active\":true,\"name\":\"" + name
                + "\",\"identifier\":[{\"type\":{\"coding\":[{\"code\":\"FINEG\"}]},\"value\":\"" + finess
                + "\"}],\"address\":[{\"city\":\"" + city + "\",\"postalCode\":\"" + postalCode + "\"}],\"telecom\":["
                + mailboxes + "]";
    }

    private static String role(String place, String mailboxes) {
        return "\"active\":true,\"identifier\":[{\"value\":\"77\"}],\"practitioner\":{\"reference\":\"Practitioner/p1\"},\"organization\":{\"reference\":\"Organization/"
                + place + "\"},\"telecom\":[" + mailboxes + "]";
    }

    private void put(String reference, String content) throws Exception {
        String json = "{\"resourceType\":\"" + reference.replace("/", "\",\"id\":\"") + "\"," + content + "}";
        HttpResponse<String> stored = Http.write("PUT", server.uri("/fhir/" + reference), json);
        assertThat(stored.statusCode()).as(stored.body()).isIn(200, 201);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> getAs(String token, String path, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Authorization", "Bearer " + token));
        return Http.send("GET", server.uri("/reports/" + path), all.toArray(String[]::new));
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return getAs(TestServer.TOKEN, path, headers);
    }

    private static List<String> mailboxes(HttpResponse<String> ndjson) {
        assertThat(ndjson.statusCode()).as(ndjson.body()).isEqualTo(200);
        return ndjson.body()
                .lines()
                .map(BsonDocument::parse)
                .map(row -> row.getString("mailbox").getValue())
                .toList();
    }

    @Test
    void csv_hasARowForEachMailboxOfEachOwner() throws Exception {
        assertThat(get("mailboxes.csv").body().lines())
                .containsExactly(
                        "\uFEFFmailbox;kind;ownerType;ownerId;ownerName;identifier;person;rpps;place;finess;description;service;digitization",
                        "accueil@hl.mssante.fr;ORG;Organization;o1;Hôpital <b>;690000001;;;Hôpital <b>;690000001;Accueil;Urgences;true",
                        "accueil@hp.mssante.fr;ORG;Organization;o2;Hôpital de Paris;750000001;;;Hôpital de Paris;750000001;Accueil;Urgences;true",
                        "'=app@hp.mssante.fr;APP;Organization;o2;Hôpital de Paris;750000001;;;Hôpital de Paris;750000001;Accueil;Urgences;true",
                        "zoe.durand@mssante.fr;PER;Practitioner;p1;Durand Zoé;10001;Durand Zoé;10001;;;Accueil;Urgences;true",
                        "cabinet.durand@mssante.fr;CAB;PractitionerRole;r1;Durand Zoé;77;Durand Zoé;10001;Hôpital <b>;690000001;Accueil;Urgences;true",
                        "cabinet2.durand@mssante.fr;CAB;PractitionerRole;r2;Durand Zoé;77;Durand Zoé;10001;Hôpital de Paris;750000001;Accueil;Urgences;true");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mailbox=DURAND                       | zoe.durand@mssante.fr cabinet.durand@mssante.fr cabinet2.durand@mssante.fr
            mailbox=durand&kind=PER              | zoe.durand@mssante.fr
            kind=APP                             | =app@hp.mssante.fr
            department=75                        | accueil@hp.mssante.fr =app@hp.mssante.fr cabinet2.durand@mssante.fr
            department=69&kind=ORG&mailbox=      | accueil@hl.mssante.fr
            department=2A                        | ''
            mailbox=nobody                       | ''
            mailbox=a%2Cb                        | ''
            """)
    void ndjson_ofSome_hasOnlyThose(String query, String expected) throws Exception {
        assertThat(mailboxes(get("mailboxes.ndjson?" + query)))
                .containsExactlyElementsOf(expected.isEmpty() ? List.of() : List.of(expected.split(" ", -1)));
    }

    @Test
    void page_countsOwners_inBothLanguages() throws Exception {
        HttpResponse<String> french = get("mailboxes");

        assertThat(french.statusCode()).as(french.body()).isEqualTo(200);
        assertThat(french.body())
                .contains("<html lang=\"fr\">", "Titulaire")
                .contains(
                        "<th scope=\"row\">Structures</th><td class=\"n\">2</td><td class=\"n\">0</td><td class=\"n\">2</td><td class=\"n\">1</td><td class=\"n\">0</td>");
        assertThat(get("mailboxes?lang=en").body()).contains("Owner").doesNotContain("Titulaire");
    }

    @Test
    void page_findsByAPartOfTheAddress() throws Exception {
        String page = get("mailboxes?mailbox=hl.mssante").body();

        assertThat(page)
                .contains(
                        "accueil@hl.mssante.fr",
                        "/admin/resources/Organization/o1",
                        "Hôpital &lt;b&gt;",
                        "value=\"hl.mssante\"")
                .doesNotContain("accueil@hp")
                .doesNotContain("<b>");
        assertThat(get("mailboxes?mailbox=%22%3E%3Cscript%3E").body()).doesNotContain("<script>");
        assertThat(get("mailboxes?mailbox=nobody").body()).contains("Aucune");
    }

    @Test
    void whoSeesLess_isToldOfHisOnly() throws Exception {
        HttpResponse<String> his = getAs(narrowed, "mailboxes.ndjson");

        assertThat(mailboxes(his))
                .containsExactly(
                        "accueil@hl.mssante.fr",
                        "zoe.durand@mssante.fr",
                        "cabinet.durand@mssante.fr",
                        "cabinet2.durand@mssante.fr");
        assertThat(his.body()).doesNotContain("Hôpital de Paris");
        assertThat(mailboxes(getAs(narrowed, "mailboxes.ndjson?department=75"))).isEmpty();
        assertThat(getAs(narrowed, "mailboxes").body()).contains("Structures</th><td class=\"n\">1</td>");
        assertThat(Http.send("GET", server.uri("/reports/mailboxes.csv")).statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mailboxes?kind=XYZ             | kind=XYZ
            mailboxes.csv?department=99    | department=99
            mailboxes.csv?mail=1           | mail
            mailboxes.csv?mailbox=a&mailbox=b | given twice
            """)
    void parameters_thatAreWrong_areRefusedByName(String path, String part) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("OperationOutcome", part);
    }
}
