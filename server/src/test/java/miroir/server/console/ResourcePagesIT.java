package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Resources as administrators see them. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ResourcePagesIT {
    private static final String PASSWORD = "a long enough password";

    private TestServer server;
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess(
                "access: {mode: token}\naudit: {reads: all}",
                database,
                Set.of("Practitioner", "PractitionerRole", "Organization", "CodeSystem"));
        AdminClient.local(server)
                .done(
                        "POST",
                        "administrators",
                        "{\"name\":\"ada\",\"role\":\"viewer\",\"password\":\"" + PASSWORD + "\"}");
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(server.uri("/admin/do/post/session"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Accept", "text/html")
                        .POST(BodyPublishers.ofString("name=ada&password=" + encoded(PASSWORD)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(303);
        put("CodeSystem/kinds", """
                {"resourceType":"CodeSystem","id":"kinds","url":"http://example.org/kinds","status":"active","content":"complete",
                 "concept":[{"code":"SA07","display":"Cabinet de groupe"}]}""");
        put("Organization/o1", """
                {"resourceType":"Organization","id":"o1","active":true,"name":"Clinique <b>du Parc</b>",
                 "type":[{"coding":[{"system":"http://example.org/kinds","code":"SA07"}]}],
                 "identifier":[{"system":"urn:finess","value":"690000001"}],
                 "address":[{"line":["1 rue Didot"],"postalCode":"69001","city":"Lyon"}]}""");
        put("Practitioner/p1", """
                {"resourceType":"Practitioner","id":"p1","active":true,"name":[{"family":"Martin","given":["Anne"]}]}""");
        put("PractitionerRole/r1", """
                {"resourceType":"PractitionerRole","id":"r1","practitioner":{"reference":"Practitioner/p1"},
                 "organization":{"reference":"Organization/o1"}}""");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void send(String method, String path, String json) throws Exception {
        HttpResponse<String> answer = Http.send(
                method,
                URI.create(server.base() + "/" + path),
                json.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+json",
                "Authorization",
                "Bearer " + TestServer.TOKEN);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    }

    private void put(String path, String json) throws Exception {
        send("PUT", path, json);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.uri(path))
                        .header("Accept", "text/html")
                        .build(),
                BodyHandlers.ofString());
    }

    private String page(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("<script>", " style=");
        return answer.body();
    }

    @Test
    void types_all_areShownWithCountsAndSizes() throws Exception {
        // What the database does not tell in time is left out, and asked for again.
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(page("/admin/resources?lang=en"))
                        .contains(
                                "href=\"/admin/resources/Practitioner\"",
                                "href=\"/admin/resources/CodeSystem\"",
                                "kB",
                                "<tfoot>")
                        .contains("Professionals"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/resources", "/admin/resources/Practitioner", "/admin/resources/Practitioner/p1"})
    void pages_withoutASession_leadToTheLogin(String path) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.uri(path))
                                .header("Accept", "text/html")
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(303);
    }

    @Test
    void search_byAParameter_addsItToTheCriteria() throws Exception {
        String page = page("/admin/resources/Organization?lang=en&q=active%3Dtrue&parameter=address-city&value=lyon");

        assertThat(page)
                .contains(
                        "value=\"active=true&amp;address-city=lyon\"",
                        server.base() + "/Organization?active=true&amp;address-city=lyon",
                        "Clinique &lt;b&gt;du Parc&lt;/b&gt;",
                        "690000001",
                        "69001 Lyon",
                        "href=\"/admin/resources/Organization/o1\"",
                        "1 on this page, 1 in all")
                .doesNotContain("<b>du Parc");
    }

    @Test
    void search_offersItsParameters_inTheLanguageOfThePage() throws Exception {
        assertThat(page("/admin/resources/Practitioner?lang=en"))
                .contains("<option value=\"family\">", "Number of a professional");
        assertThat(page("/admin/resources/Practitioner?lang=fr")).contains("Numéro de carte CPx");
    }

    @Test
    void search_refused_tellsItInTheForm() throws Exception {
        for (String query : new String[] {"nonsense%3D1", "family%3Dx%26nonsense%3D1", "%25zz", "_count%3Dmany"}) {
            HttpResponse<String> answer = get("/admin/resources/Practitioner?lang=en&q=" + query);
            assertThat(answer.statusCode()).as(query).isEqualTo(400);
            assertThat(answer.body()).contains("role=\"alert\"", "id=\"search\"");
        }
    }

    @Test
    void search_ofSeveralPages_leadsThroughThem() throws Exception {
        for (int i = 0; i < 5; i++) {
            put("Practitioner/page" + i, """
                    {"resourceType":"Practitioner","id":"page%d","name":[{"family":"Paging%d"}]}""".formatted(i, i));
        }
        String first = page("/admin/resources/Practitioner?lang=en&q=family%3Dpaging%26_count%3D2");
        assertThat(first).contains("page0", "page1").doesNotContain("page2");
        String second = page(link(first, "next"));
        assertThat(second)
                .contains("page2", "page3", "family=paging&amp;_count=2")
                .doesNotContain("page1");
        String third = page(link(second, "next"));
        assertThat(third).contains("page4").doesNotContain("id=\"next\"");
        assertThat(page(link(third, "previous"))).contains("page2", "page3");
    }

    private static String link(String page, String id) {
        Matcher found =
                Pattern.compile("id=\"" + id + "\"[^>]* href=\"([^\"]+)\"").matcher(page);
        assertThat(found.find()).as(page).isTrue();
        return found.group(1).replace("&amp;", "&");
    }

    @Test
    void search_withInclusionsAndExplanations_isShownAsItIs() throws Exception {
        assertThat(page("/admin/resources/PractitionerRole?lang=en&q=_include%3DPractitionerRole%3Apractitioner"))
                .contains("Anne Martin", "included, Practitioner");
        assertThat(page("/admin/resources/Practitioner?lang=en&q=family%3Dmartin%26__explain%3Dtrue"))
                .contains("keys and");
        assertThat(page("/admin/resources/Practitioner?lang=en&q=_summary%3Dcount"))
                .contains("in all");
    }

    @Test
    void resource_isReadable_withLabelsAndLinks() throws Exception {
        String page = page("/admin/resources/Organization/o1?lang=en");

        assertThat(page)
                .contains(
                        "<h1>Clinique &lt;b&gt;du Parc&lt;/b&gt;</h1>",
                        "Cabinet de groupe",
                        "1 rue Didot, 69001 Lyon",
                        "First seen",
                        "/fhir/Organization/o1",
                        "PractitionerRole · organization",
                        "\"name\": ")
                .doesNotContain("<b>du Parc", "\"display\"");
        assertThat(page("/admin/resources/Organization/o1?lang=fr"))
                .contains("<dt title=\"identifier\">Identifiant</dt>", "<dt title=\"active\">Active</dt>");
        assertThat(page("/admin/resources/PractitionerRole/r1"))
                .contains("href=\"/admin/resources/Practitioner/p1\"", "href=\"/admin/resources/Organization/o1\"");
    }

    @Test
    void resource_thatIsNotThere_isToldReadably() throws Exception {
        HttpResponse<String> unknown = get("/admin/resources/Practitioner/nobody?lang=en");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("There is no such resource", "Practitioner/nobody is not known");
        put("Practitioner/gone", """
                {"resourceType":"Practitioner","id":"gone","active":true}""");
        send("DELETE", "Practitioner/gone", "");

        HttpResponse<String> gone = get("/admin/resources/Practitioner/gone?lang=en");

        assertThat(gone.statusCode()).isEqualTo(410);
        assertThat(gone.body()).contains("This resource was deleted", "/admin/resources/Practitioner/gone/history");
        assertThat(page("/admin/resources/Practitioner/gone/history?lang=en")).contains("Deleted", "Created");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/resources/Patient",
                "/admin/resources/",
                "/admin/resources/Practitioner/p1/nothing",
                "/admin/resources/Practitioner/p1/history/1/x",
                "/admin/resources/Practitioner/p1/history/99",
                "/admin/resources/Practitioner/p1/history/x",
                "/admin/resources/Practitioner/_history",
                "/admin/resources/Practitioner/$seen",
                "/admin/resources/Practitioner/%3Cb%3E"
            })
    void path_thatIsNone_isNotThere(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isBetween(400, 499);
        assertThat(answer.body()).contains("<h1>").doesNotContain("<b>");
    }

    @Test
    void history_showsWhatBecameDifferent_pageByPage() throws Exception {
        for (int i = 1; i <= 12; i++) {
            put("Practitioner/often", """
                    {"resourceType":"Practitioner","id":"often","active":true,"name":[{"family":"Name%d","given":["A"]}]}""".formatted(i));
        }
        String first = page("/admin/resources/Practitioner/often/history?lang=en");
        assertThat(first)
                .contains(
                        "Version 12",
                        "Version 3",
                        "name[0].family",
                        "<del>Name11</del>",
                        "<ins>Name12</ins>",
                        "<del>Name2</del>")
                .doesNotContain("Version 2<");
        String second = page(link(first, "next"));
        assertThat(second).contains("Version 2", "Version 1", "Created", "<del>Name1</del>");

        assertThat(page("/admin/resources/Practitioner/often/history/4?lang=en"))
                .contains("Name4", "This is version 4")
                .doesNotContain("Name12");
    }

    @Test
    void pages_areNotedLikeTheRequestsThatTheyStandFor() throws Exception {
        page("/admin/resources/Organization?q=name%3Dclinique");
        page("/admin/resources/Organization/o1");

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            BsonDocument notes =
                    AdminClient.local(server).done("GET", "audit?consumer=administrator/ada&type=Organization", "");
            assertThat(notes.toJson()).contains("search-type", "read");
        });
    }

    @Test
    void large_resource_isCut() throws Exception {
        StringBuilder identifiers = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            identifiers
                    .append(i == 0 ? "" : ",")
                    .append("{\"system\":\"urn:x\",\"value\":\"")
                    .append("v".repeat(100))
                    .append(i)
                    .append("\"}");
        }
        put(
                "Organization/large",
                "{\"resourceType\":\"Organization\",\"id\":\"large\",\"name\":\"L\",\"identifier\":[" + identifiers
                        + "]}");

        assertThat(page("/admin/resources/Organization/large?lang=en"))
                .contains("too large to be shown as a whole", "too long for a page")
                .hasSizeLessThan(1_500_000);
        send("DELETE", "Organization/large", "");
    }

    @Test
    void pages_ofATenant_showWhatIsItsOwn(TestDatabase database) throws Exception {
        TestDatabase apart = new TestDatabase(database.uri(), database.name() + "_apart");
        try (TestServer both = TestServer.besideNorth("", apart)) {
            String[] who = {"Authorization", "Bearer " + TestServer.TOKEN, "Accept", "text/html"};
            byte[] body = """
                    {"resourceType":"Practitioner","id":"n1","name":[{"family":"North"}]}""".getBytes(StandardCharsets.UTF_8);
            String[] writer = {"Authorization", "Bearer " + TestServer.TOKEN, "Content-Type", "application/fhir+json"};
            assertThat(Http.send("PUT", both.uri("/north/fhir/Practitioner/n1"), body, writer)
                            .statusCode())
                    .isEqualTo(201);

            assertThat(Http.send("GET", both.uri("/north/admin/resources/Practitioner?q=family%3Dnorth"), who)
                            .body())
                    .contains(
                            "href=\"/north/admin/resources/Practitioner/n1\"", "/north/fhir/Practitioner?family=north");
            assertThat(Http.send("GET", both.uri("/north/admin/resources/Practitioner/n1"), who)
                            .body())
                    .contains("<h1>North</h1>", "href=\"/north/admin/resources/Practitioner/n1/history\"");
            assertThat(Http.send("GET", both.uri("/admin/resources/Practitioner/n1"), who)
                            .statusCode())
                    .isEqualTo(404);
        }
    }
}
