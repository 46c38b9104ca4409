package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.structure.ServedTypes;
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
import org.junit.jupiter.params.provider.ValueSource;

/** People looked for as in a browser without scripts, among the samples, in a database. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PeopleIT {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final int MANY = 45;

    private TestServer server;
    private TestServer closed;
    private AdminClient local;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        Set<String> types = ServedTypes.of(ServedTypes.DIRECTORY);
        server = TestServer.withAccess("access: {mode: open}\naudit: {reads: all}", database, types);
        closed = TestServer.withAccess("access: {mode: token}", database, types);
        local = AdminClient.local(server);
        for (String line : Files.readAllLines(ROOT.resolve("conf/terminology/code-systems.ndjson"))) {
            if (line.contains("TRE-G15") || line.contains("TRE-R38") || line.contains("TRE-R21")) {
                put(line);
            }
        }
        for (String type : List.of("Organization", "Practitioner", "PractitionerRole")) {
            for (String line : Files.readAllLines(ROOT.resolve("samples/directory/" + type + ".ndjson"))) {
                put(line);
            }
        }
        for (int i = 0; i < MANY; i++) {
            put("{\"resourceType\":\"Practitioner\",\"id\":\"many-" + i
                    + "\",\"active\":true,\"name\":[{\"family\":\"NOMBREUX\",\"given\":[\"N" + (100 + i) + "\"]}]}");
        }
    }

    private void put(String json) throws Exception {
        BsonDocument resource = BsonDocument.parse(json);
        String path = resource.getString("resourceType").getValue() + "/"
                + resource.getString("id").getValue();
        HttpResponse<String> stored = Http.write("PUT", server.uri("/fhir/" + path), json);
        assertThat(stored.statusCode()).as(path + stored.body()).isIn(200, 201);
    }

    @AfterAll
    void stop() {
        closed.close();
        server.close();
    }

    private static HttpResponse<String> get(TestServer of, String path, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Accept", "text/html"));
        return Http.send("GET", of.uri(path), all.toArray(String[]::new));
    }

    /** What is on the page when that was typed. */
    private String page(String typed, String... more) throws Exception {
        String rest = more.length == 0 ? "" : "&" + String.join("&", more);
        HttpResponse<String> answer =
                get(server, "/people?q=" + URLEncoder.encode(typed, StandardCharsets.UTF_8) + rest);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return text(answer);
    }

    private static String text(HttpResponse<String> answer) {
        return answer.body().replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", "\"");
    }

    /** Where the element of that id leads. */
    private static String link(String page, String id) {
        Matcher link =
                Pattern.compile("id=\"" + id + "\"[^>]* href=\"([^\"]+)\"").matcher(page);
        assertThat(link.find()).as(page).isTrue();
        return link.group(1);
    }

    private static String request(String page) {
        Matcher request = Pattern.compile("<code id=\"request\">([^<]+)</code>").matcher(page);
        assertThat(request.find()).as(page).isTrue();
        return request.group(1);
    }

    private static String understood(String page) {
        Matcher line = Pattern.compile("id=\"understood\">([^<]+)").matcher(page);
        assertThat(line.find()).as(page).isTrue();
        return line.group(1);
    }

    @Test
    void page_beforeAnybodyAsks_isTheForm() throws Exception {
        HttpResponse<String> answer = get(server, "/people");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("name=\"q\"", "aria-current=\"page\"")
                .doesNotContain("id=\"found\"", "role=\"alert\"");
        assertThat(get(server, "/").body()).contains("action=\"/people\"");
    }

    @Test
    void found_isShownWithAllThatPeopleWantToKnow() throws Exception {
        String page = page("dupont-fictif");

        assertThat(page)
                .contains(
                        "1 personne trouvée",
                        "DUPONT-FICTIF LIN",
                        "Médecin",
                        "RPPS",
                        "CABINET DU DR LIN DUPONT-FICTIF",
                        "3 AV DES ESSAIS, 78000 VERSAILLES",
                        "0199000301",
                        "cabinet.dupont-fictif@medecin.mssante.fr",
                        "EHPAD FICTIF LES TILLEULS",
                        "Actif")
                .doesNotContain("DE05");
        assertThat(understood(page)).isEqualTo("Compris ainsi : Nom « dupont-fictif »");
    }

    @Test
    void request_thatIsShown_findsTheSame() throws Exception {
        String request = request(page("dupont-fictif 78000", "fuzzy=true"));

        assertThat(request)
                .startsWith(server.base() + "/$directory-search?name=dupont-fictif&postalcode=78000&fuzzy=true")
                .contains("_display=true");
        BsonDocument bundle =
                BsonDocument.parse(Http.send("GET", URI.create(request)).body());
        assertThat(bundle.getNumber("total").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LECLERC sophie | Leclerc Sophie | Nom « LECLERC sophie »",
                "dupont fictif versailles | DUPONT-FICTIF LIN | Nom « dupont fictif » · Ville « versailles »",
                "versailles | DUPONT-FICTIF LIN | Ville « versailles »",
                "62600 | DUPONT-FICTIF LIN | Code postal « 62600 »",
                "(62) nguyen | NGUYEN-FICTIF ÉLOÏSE | Nom « nguyen » · Département « 62 »",
                "masseur kinésithérapeute | Leclerc Sophie | Profession ou spécialité « masseur kinésithérapeute »",
                "pharmacien calais | NGUYEN-FICTIF | Profession ou spécialité « pharmacien » · Ville « calais »",
                "nguyen pharmacien | NGUYEN-FICTIF | Nom « nguyen » · Profession ou spécialité « pharmacien »",
                "pharmacien nguyen | NGUYEN-FICTIF | Profession ou spécialité « pharmacien » · Nom « nguyen »",
                "sophie intercommunal | Leclerc Sophie | Nom « sophie » · Structure « intercommunal »",
                "10101201234 | Leclerc Sophie | Numéro « 10101201234 »",
                "sophie.leclerc@mssante.fr | Leclerc Sophie | MSSanté « sophie.leclerc@mssante.fr »"
            })
    void line_isUnderstood_asThePageSays(String typed, String found, String how) throws Exception {
        String page = page(typed);

        assertThat(page).contains(found);
        assertThat(understood(page)).isEqualTo("Compris ainsi : " + how);
    }

    @Test
    void line_readAnotherWay_isAsked_whereTheLinkLeads() throws Exception {
        String page = page("leclerc");
        Matcher other = Pattern.compile("href=\"(/people\\?q=leclerc&as=2)\"").matcher(page);
        assertThat(other.find()).as(page).isTrue();

        String asTown = text(get(server, other.group(1)));

        assertThat(understood(asTown)).contains("Ville « leclerc »");
        assertThat(asTown).contains("Personne n’a été trouvé");
    }

    @Test
    void nobody_leadsToTheSameWithATypingError() throws Exception {
        String page = page("leclrec");
        assertThat(page).contains("Personne n’a été trouvé", "autres façons");

        String fuzzy = text(get(server, link(page, "with-errors")));

        assertThat(fuzzy).contains("Leclerc Sophie").doesNotContain("id=\"with-errors\"");
    }

    @Test
    void inactive_areShownToWhoWantsThem() throws Exception {
        assertThat(page("10009990009")).contains("Personne n’a été trouvé");
        assertThat(page("10009990009", "active=any")).contains("Inactif", "003-3333333-4444444");
    }

    @Test
    void fields_areAskedBesideTheLine() throws Exception {
        assertThat(page("", "family=leclerc", "given=sophie"))
                .contains("Leclerc Sophie", "<details open", "value=\"sophie\"");
        assertThat(page("sophie", "city=versailles")).contains("Personne n’a été trouvé");
    }

    @Test
    void pages_leadOnAndBack_andNobodyIsMissed() throws Exception {
        List<String> seen = new ArrayList<>();
        String page = page("nombreux");
        assertThat(page).contains(MANY + " personnes trouvées").doesNotContain("id=\"previous\"");
        while (true) {
            Matcher name = Pattern.compile("NOMBREUX (N\\d+)").matcher(page.replaceAll("FHIR<span.*?</span>", ""));
            while (name.find()) {
                seen.add(name.group(1));
            }
            if (!page.contains("id=\"next\"")) {
                break;
            }
            page = text(get(server, link(page.replace("rel=\"next\" ", ""), "next")));
            assertThat(understood(page)).contains("Nom « nombreux »");
        }
        assertThat(seen).hasSize(MANY).doesNotHaveDuplicates();
        String before = text(get(server, link(page.replace("rel=\"prev\" ", ""), "previous")));
        assertThat(before).contains("NOMBREUX N120");
    }

    @Test
    void page_inEnglish_isEnglish() throws Exception {
        String page = page("leclerc", "lang=en");

        assertThat(page).contains("<html lang=\"en\">", "1 person found", "Understood as: Name “leclerc”", "Active");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?name=x",
                "?q=x&q=y",
                "?q=%22a%22%22b%22",
                "?q=---",
                "?q=x&as=99",
                "?q=x&fuzzy=perhaps",
                "?q=x&active=maybe",
                "?q=x&_page=forged",
                "?q=13005&postalcode=13005",
                "?q=a+b+c+d+e+f+g+h+i",
                "?profession=%3Cb%3E%7C%7C%7C"
            })
    void question_thatIsNone_isRefusedAboveTheForm(String query) throws Exception {
        HttpResponse<String> answer = get(server, "/people" + query);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("role=\"alert\"", "name=\"q\"").doesNotContain("<b>");
    }

    @Test
    void question_tooLong_isRefusedWithWhatIsAllowed() throws Exception {
        HttpResponse<String> answer = get(server, "/people?q=" + "x".repeat(250));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("q has 250 characters; allowed are at most 200", "x".repeat(250));
        assertThat(get(server, "/people?q=%00").statusCode()).isEqualTo(400);
        assertThat(get(server, "/people/x").statusCode()).isEqualTo(404);
    }

    @Test
    void found_textOfResources_isEscaped() throws Exception {
        put(
                "{\"resourceType\":\"Practitioner\",\"id\":\"hostile\",\"active\":true,\"name\":[{\"family\":\"<script>alert(1)</script>\"}],"
                        + "\"identifier\":[{\"value\":\"\\\"><img>\"}]}");

        HttpResponse<String> answer = get(server, "/people?q=%3Cscript%3Ealert(1)%3C/script%3E");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("&lt;script&gt;alert(1)").doesNotContain("<script>alert", "<img>");
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'self'"));
    }

    // --- who may

    @Test
    void nobody_whereReadingNeedsAToken_isLedToTheLogin_andBack() throws Exception {
        HttpResponse<String> answer = get(closed, "/people?q=leclerc");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .contains("/admin/login?next=%2Fpeople%3Fq%3Dleclerc")
                .doesNotContain("Sophie");
        assertThat(ConsolePages.isOurs("/people?q=leclerc")).isTrue();
        assertThat(get(closed, "/people").statusCode()).isEqualTo(401);
    }

    @Test
    void administrator_whoIsLoggedIn_looksWhereReadingNeedsAToken() throws Exception {
        String session = AdminClient.local(closed).session("looks-for-people");

        HttpResponse<String> answer = get(closed, "/people?q=leclerc", "Cookie", "miroir_session=" + session);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("Leclerc Sophie");
    }

    @Test
    void consumer_seesNoMoreThanByTheApi() throws Exception {
        AdminClient admin = AdminClient.local(closed);
        String narrowed = admin.consumer(
                "narrowed-people",
                "SEARCH on Practitioner?family=leclerc",
                "SEARCH on PractitionerRole",
                "SEARCH on Organization");
        String some = admin.consumer("some-people", "SEARCH on Practitioner");
        String bearer = "Bearer " + narrowed;

        assertThat(get(closed, "/people?q=leclerc", "Authorization", bearer).body())
                .contains("Leclerc Sophie");
        assertThat(get(closed, "/people?q=dupont-fictif", "Authorization", bearer)
                        .body())
                .contains("Personne n’a été trouvé")
                .doesNotContain("DUPONT");
        assertThat(get(closed, "/people?q=leclerc", "Authorization", "Bearer " + some)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void looking_isNotedAsTheSameQuestionOfAProgram() throws Exception {
        page("leclerc 13999 remarkable");

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            String notes = local.get("audit?interaction=directory-search").body();
            List<String> queries = new ArrayList<>();
            BsonDocument.parse(notes)
                    .getArray("entry")
                    .forEach(entry -> queries.add(new String(
                            Base64.getDecoder()
                                    .decode(entry.asDocument()
                                            .getDocument("resource")
                                            .getArray("entity")
                                            .get(0)
                                            .asDocument()
                                            .getString("query")
                                            .getValue()),
                            StandardCharsets.UTF_8)));
            assertThat(queries)
                    .anyMatch(query -> query.startsWith("$directory-search?name=leclerc remarkable&postalcode=13999"));
        });
    }

    /** One request that asks for as much as many is counted as many. */
    @Test
    void quota_countsEachWayToReadALine() throws Exception {
        AdminClient admin = AdminClient.local(closed);
        String token = admin.consumer("hasty-people", "SEARCH on *");
        admin.done("PUT", "consumers/hasty-people/quota", "{\"quota\":1}");
        // Two of ten are left then, and each second gives one.
        for (int i = 0; i < 8; i++) {
            get(closed, "/fhir/Practitioner/none", "Authorization", "Bearer " + token);
        }

        HttpResponse<String> answer =
                get(closed, "/people?q=zz+yy+xx+ww+vv+uu+tt+ss", "Authorization", "Bearer " + token);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
}
