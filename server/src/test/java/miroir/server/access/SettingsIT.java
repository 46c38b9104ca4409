package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.access.AccessDocuments;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is set while servers run: two of them on one database, over HTTP and in the console. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SettingsIT {
    private static final String YAML = """
            access: {mode: open}
            database: {uri: 'mongodb://who-is-it:topsecret@nowhere/'}
            search: {maximumCount: 900}
            """;

    private static final String PASSWORD = "correct horse battery";
    private static final Duration SOON = Duration.ofSeconds(20);

    private TestDatabase database;
    private TestServer first;
    private TestServer second;
    private AdminClient admin;

    @BeforeAll
    void start(TestDatabase given) throws Exception {
        database = given;
        first = TestServer.withAccess(YAML, database);
        second = TestServer.withAccess(YAML, database);
        admin = AdminClient.local(first);
    }

    @AfterAll
    void stop() {
        second.close();
        first.close();
    }

    @AfterEach
    void goBack() throws Exception {
        List<BsonValue> all = new ArrayList<>(admin.done("GET", "settings", "").getArray("settings"));
        // The smallest page may not be larger than the largest at any moment.
        Collections.reverse(all);
        for (BsonValue each : all) {
            if (each.asDocument().containsKey("set")) {
                admin.remove("settings/" + each.asDocument().getString("key").getValue());
            }
        }
    }

    private void set(String key, String value) throws Exception {
        admin.done("PUT", "settings/" + key, "{\"value\":\"" + value + "\"}");
    }

    private static HttpResponse<String> get(TestServer server, String path, String... headers) throws Exception {
        return Http.send("GET", server.uri(path), headers);
    }

    private static String type(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("");
    }

    private BsonDocument setting(String key) throws Exception {
        return admin.done("GET", "settings/" + key, "");
    }

    // --- what comes of it

    @Test
    void format_set_isThatOfWhoDoesNotSay_onBothServers() throws Exception {
        await().atMost(SOON).until(() -> type(get(second, "/fhir/Organization")).startsWith("application/fhir+json"));

        set("fhir.format", "xml");

        for (String path :
                List.of("/fhir/Organization", "/fhir/metadata", "/fhir/Organization/none", "/fhir/Nonsense")) {
            assertThat(type(get(first, path))).as(path).startsWith("application/fhir+xml");
        }
        assertThat(type(get(first, "/fhir/Organization", "Accept", "*/*"))).startsWith("application/fhir+xml");
        assertThat(type(get(first, "/fhir/Organization", "Accept", "application/json")))
                .startsWith("application/fhir+json");
        assertThat(type(get(first, "/fhir/Organization?_format=json"))).startsWith("application/fhir+json");
        assertThat(type(admin.get("settings/none"))).startsWith("application/fhir+json");
        await().atMost(SOON).until(() -> type(get(second, "/fhir/Organization")).startsWith("application/fhir+xml"));
        HttpResponse<String> batch = Http.send(
                "POST",
                second.uri("/fhir"),
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"request\":{\"method\":\"GET\",\"url\":\"Organization\"}}]}"
                        .getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+json");
        assertThat(type(batch)).startsWith("application/fhir+xml");

        admin.remove("settings/fhir.format");
        assertThat(type(get(first, "/fhir/Organization"))).startsWith("application/fhir+json");
        await().atMost(SOON).until(() -> type(get(second, "/fhir/Organization")).startsWith("application/fhir+json"));
    }

    @Test
    void sizes_ofPages_areThoseThatAreSet() throws Exception {
        assertThat(get(first, "/fhir/Organization?_count=9999").body()).contains("_count=900");

        set("search.maximumCount", "60");
        set("search.defaultCount", "7");

        assertThat(get(first, "/fhir/Organization?_count=9999").body()).contains("_count=60");
        assertThat(get(first, "/fhir/Organization/_history?_count=9999").body()).contains("_count=60");
        assertThat(get(first, "/fhir/Organization?_count=x").body()).contains("to 60");
        await().atMost(SOON)
                .until(() ->
                        get(second, "/fhir/Organization?_count=9999").body().contains("_count=60"));
    }

    @Test
    void links_toNextPages_stillWorkWhenPagesAreSmaller() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(Http.write(
                                    "PUT",
                                    first.uri("/fhir/Device/d" + i),
                                    "{\"resourceType\":\"Device\",\"id\":\"d" + i + "\"}")
                            .statusCode())
                    .isIn(200, 201);
        }
        Matcher next = Pattern.compile("\"relation\":\"next\",\"url\":\"([^\"]+)\"")
                .matcher(get(first, "/fhir/Device?_count=3").body());
        assertThat(next.find()).isTrue();

        set("search.defaultCount", "1");
        set("search.maximumCount", "1");

        HttpResponse<String> page = Http.send("GET", URI.create(next.group(1)));
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        assertThat(page.body()).contains("Device/d3");
    }

    @Test
    void handling_set_isWhatMetadataSays_atOnce() throws Exception {
        assertThat(get(first, "/fhir/Organization?nonsense=1").statusCode()).isEqualTo(400);
        assertThat(get(first, "/fhir/metadata").body()).contains("where the client sends Prefer: handling=lenient");

        set("search.handling", "lenient");

        assertThat(get(first, "/fhir/Organization?nonsense=1").statusCode()).isEqualTo(200);
        assertThat(get(first, "/fhir/metadata").body()).contains("unless the client sends Prefer: handling=strict");
        await().atMost(SOON)
                .until(() -> get(second, "/fhir/metadata").body().contains("unless the client sends Prefer"));
    }

    @Test
    void set_afterARestart_holds() throws Exception {
        set("fhir.format", "xml");

        try (TestServer third = TestServer.withAccess(YAML, database)) {
            await().atMost(SOON)
                    .until(() -> type(get(third, "/fhir/Organization")).startsWith("application/fhir+xml"));
        }
    }

    @Test
    void tenants_haveTheirOwn() throws Exception {
        try (TestServer server = TestServer.besideNorth("access: {mode: open}", database)) {
            AdminClient.local(server).done("PUT", "settings/search.handling", "{\"value\":\"lenient\"}");

            assertThat(get(server, "/fhir/Organization?nonsense=1").statusCode())
                    .isEqualTo(200);
            String[] token = {"Authorization", "Bearer " + TestServer.TOKEN};
            assertThat(get(server, "/north/fhir/Organization?nonsense=1", token).statusCode())
                    .isEqualTo(400);
            assertThat(get(server, "/north/admin/api/settings", token).body())
                    .contains("fhir.format")
                    .doesNotContain("\"set\"", "limits.body");
        }
    }

    // --- what is told

    @Test
    void list_hasEveryKeyWithItsOrigin_andNoSecrets() throws Exception {
        set("search.maximumCount", "60");

        BsonDocument setting = setting("search.maximumCount");
        assertThat(setting.getString("value").getValue()).isEqualTo("60");
        assertThat(setting.getString("default").getValue()).isEqualTo("1000");
        assertThat(setting.getString("origin").getValue()).isEqualTo("console");
        assertThat(setting.getDocument("set").getString("by").getValue()).isEqualTo("local");
        assertThat(setting.getDocument("set").getString("insteadOf").getValue()).isEqualTo("900");
        assertThat(setting.getString("meaning").getValue()).contains("cut to this");
        assertThat(setting("access.mode").getString("origin").getValue()).isEqualTo("file");
        assertThat(setting("access.mode").getString("from").getValue()).startsWith("test.yaml:");
        assertThat(setting("limits.body").getString("origin").getValue()).isEqualTo("default");
        assertThat(setting("database.uri").keySet()).contains("secret").doesNotContain("value", "default");
        assertThat(admin.get("settings").body()).doesNotContain("topsecret", "who-is-it");
    }

    @Test
    void keptByHand_andOfNoUse_doesNotCountAndIsTold() throws Exception {
        try (AccessDocuments kept = AccessDocuments.open(TestServer.settings(database))) {
            kept.create("setting/fhir.format", new BsonDocument("value", new BsonString("turtle")));
            kept.create("setting/listen.port", new BsonDocument("value", new BsonString("1")));
            kept.create("setting/search.handling", new BsonDocument());
        }

        BsonDocument format = setting("fhir.format");
        assertThat(format.getString("value").getValue()).isEqualTo("json");
        assertThat(format.getDocument("set").getString("refused").getValue()).contains("turtle", "xml");
        assertThat(type(get(first, "/fhir/Organization"))).startsWith("application/fhir+json");
        assertThat(page(admin.session("reads-refused"), "/admin/settings").body())
                .contains("ne compte pas", "turtle");
        set("search.maximumCount", "60");
        assertThat(setting("search.maximumCount").getString("value").getValue()).isEqualTo("60");
        try (AccessDocuments kept = AccessDocuments.open(TestServer.settings(database))) {
            kept.remove(
                    "setting/listen.port",
                    kept.find("setting/listen.port").orElseThrow().version());
        }
    }

    @Test
    void audit_hasWhoSetWhat() throws Exception {
        set("search.maximumIncluded", "77");

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(admin.get("audit?type=PUT_SETTING").body())
                                .contains("search.maximumIncluded", "77", "local"));
    }

    // --- what is refused

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            search.maximumCount | {"value":"0"}                     | 400 | between 1 and 10000
            search.maximumCount | {"value":"99999999999999999999"}  | 400 | between 1 and 10000
            search.maximumCount | {"value":"10"}                    | 400 | 50 > 10
            search.maximumCount | {"value":60}                      | 400 | value is not a text
            search.maximumCount | {"value":["60"]}                  | 400 | value is not a text
            search.maximumCount | {"value":"  "}                    | 400 | 0 characters
            search.maximumCount | {}                                | 400 | value is missing
            search.maximumCount | {"value":"60","by":"x"}           | 400 | means nothing here
            search.maximumCount | {"value":"$${HOME}"}              | 400 | between 1 and 10000
            fhir.format         | {"value":"turtle"}                | 400 | xml
            fhir.format         | {"value":"xml\\u0000"}            | 400 | control character
            fhir.display        | {"value":"yes"}                   | 400 | neither true nor false
            search.handling     | {"value":"STRICT"}                | 400 | strict
            listen.port         | {"value":"1"}                     | 409 | server.yaml
            database.uri        | {"value":"mongodb://evil/"}       | 409 | server.yaml
            search.nonsense     | {"value":"1"}                     | 404 | search.maximumCount
            constructor         | {"value":"1"}                     | 404 | search.maximumCount
            """)
    void put_ofWhatCannotBe_isRefusedWithWhatCan(String key, String json, int status, String allowed) throws Exception {
        HttpResponse<String> answer = admin.send("PUT", "settings/" + key, json);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(BsonDocument.parse(answer.body()).getArray("issue").get(0).toString())
                .contains(allowed);
        assertThat(admin.get("settings").body()).doesNotContain("\"set\"");
    }

    @Test
    void put_ofAVeryLongValue_isRefused() throws Exception {
        assertThat(admin.send("PUT", "settings/fhir.format", "{\"value\":\"" + "x".repeat(201) + "\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void set_byWhoHasNotSeenWhatIsSet_isRefused() throws Exception {
        set("search.maximumCount", "60");
        String seen = admin.get("settings/search.maximumCount")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        AdminClient elsewhere = AdminClient.local(second);

        assertThat(elsewhere
                        .send("PUT", "settings/search.maximumCount", "{\"value\":\"61\"}")
                        .statusCode())
                .isEqualTo(412);
        elsewhere.done("PUT", "settings/search.maximumCount", "{\"value\":\"62\"}", "If-Match", seen);
        assertThat(admin.send("PUT", "settings/search.maximumCount", "{\"value\":\"63\"}", "If-Match", seen)
                        .statusCode())
                .isEqualTo(412);
        assertThat(admin.send("DELETE", "settings/search.maximumCount", "", "If-Match", seen)
                        .statusCode())
                .isEqualTo(412);
        assertThat(setting("search.maximumCount").getString("value").getValue()).isEqualTo("62");
    }

    @Test
    void goingBack_toWhatDoesNotFitToWhatElseIsSet_isRefused() throws Exception {
        set("search.defaultCount", "5");
        set("search.maximumCount", "10");
        String seen = admin.get("settings/search.defaultCount")
                .headers()
                .firstValue("ETag")
                .orElseThrow();

        HttpResponse<String> refused = admin.send("DELETE", "settings/search.defaultCount", "", "If-Match", seen);

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("50 > 10");
        assertThat(setting("search.defaultCount").getString("value").getValue()).isEqualTo("5");
    }

    private String session(String name, String role) throws Exception {
        admin.done("PUT", "administrators/" + name, "{\"role\":\"" + role + "\",\"password\":\"" + PASSWORD + "\"}");
        return logIn(name, PASSWORD);
    }

    private String logIn(String name, String password) throws Exception {
        return admin.done("POST", "session", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}")
                .getString("token")
                .getValue();
    }

    @Test
    void set_byWhoOnlyLooksOrOperates_isForbidden() throws Exception {
        for (String role : List.of("viewer", "operator")) {
            AdminClient looks = new AdminClient(first, session("sets-as-" + role, role));
            assertThat(looks.get("settings").statusCode()).isEqualTo(200);
            assertThat(looks.send("PUT", "settings/fhir.format", "{\"value\":\"xml\"}")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(looks.send("DELETE", "settings/fhir.format", "").statusCode())
                    .isEqualTo(403);
            assertThat(page(looks.token(), "/admin/settings").body())
                    .contains("fhir.format")
                    .doesNotContain("id=\"save-fhir-format\"");
        }
    }

    // --- in the console

    private HttpResponse<String> page(String session, String path) throws Exception {
        return get(first, path, "Accept", "text/html", "Cookie", "miroir_session=" + session);
    }

    private HttpResponse<String> post(String session, String path, Map<String, String> fields) throws Exception {
        Matcher csrf = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{32})\"")
                .matcher(page(session, "/admin/account").body());
        assertThat(csrf.find()).isTrue();
        String form = fields.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "csrf=" + csrf.group(1) + "&", ""));
        return Http.send(
                "POST",
                first.uri("/admin/do/" + path),
                form.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Accept",
                "text/html",
                "Cookie",
                "miroir_session=" + session);
    }

    @Test
    void page_inBothLanguages_hasEveryKey_andNoSecrets() throws Exception {
        String session = session("reads-settings", "viewer");

        String french = page(session, "/admin/settings?lang=fr").body();
        String english = page(session, "/admin/settings?lang=en").body();

        assertThat(french).contains("<h1>Réglages</h1>", "fichier test.yaml:", "par défaut", "définie ; non affichée");
        assertThat(english).contains("<h1>Settings</h1>", "file test.yaml:", "by default", "set; not shown");
        for (BsonValue each : admin.done("GET", "settings", "").getArray("settings")) {
            String key = each.asDocument().getString("key").getValue();
            assertThat(french).contains("<code>" + key + "</code>");
        }
        assertThat(french + english).doesNotContain("topsecret", "who-is-it");
    }

    @Test
    void value_setInTheConsole_goesBeforeTheFile_andThePageSaysSo() throws Exception {
        String session = session("sets-values", "administrator");

        HttpResponse<String> saved = post(
                session,
                "put/settings/search.maximumCount",
                Map.of("value", "60", "version", "0", "back", "/admin/settings"));
        assertThat(saved.statusCode()).as(saved.body()).isEqualTo(303);
        String page = page(session, saved.headers().firstValue("Location").orElseThrow())
                .body();
        assertThat(page)
                .contains(
                        "C’est enregistré",
                        "saisie dans la console par sets-values",
                        "Revenir à la valeur du fichier : 900");
        assertThat(get(first, "/fhir/Organization?_count=9999").body()).contains("_count=60");

        String version = String.valueOf(setting("search.maximumCount")
                .getDocument("set")
                .getNumber("version")
                .longValue());
        HttpResponse<String> back = post(
                session,
                "delete/settings/search.maximumCount",
                Map.of("version", version, "back", "/admin/settings?lang=en"));
        assertThat(back.statusCode()).as(back.body()).isEqualTo(303);
        assertThat(get(first, "/fhir/Organization?_count=9999").body()).contains("_count=900");
    }

    @Test
    void value_thatIsRefused_comesBackAsItWasTyped() throws Exception {
        String session = session("mistypes", "administrator");

        HttpResponse<String> answer = post(
                session,
                "put/settings/search.maximumCount",
                Map.of("value", "many<b>", "version", "0", "back", "/admin/settings"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("value=\"many&lt;b>\"", "between 1 and 10000", "role=\"alert\"")
                .doesNotContain("many<b>");
    }

    @Test
    void password_changedByItsOwner_endsHisOtherSessions() throws Exception {
        String session = session("changes", "viewer");
        String other = logIn("changes", PASSWORD);
        String next = "another correct horse";
        Map<String, String> form = Map.of("old", PASSWORD, "new", next, "again", next, "back", "/admin/account");

        HttpResponse<String> changed = post(session, "put/session/password", form);

        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(303);
        Matcher cookie = Pattern.compile("miroir_session=([^;]+); .*HttpOnly; SameSite=Strict")
                .matcher(changed.headers().firstValue("Set-Cookie").orElse(""));
        assertThat(cookie.find()).isTrue();
        HttpResponse<String> page =
                page(cookie.group(1), changed.headers().firstValue("Location").orElseThrow());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Votre mot de passe est changé");
        for (String ended : List.of(session, other)) {
            assertThat(page(ended, "/admin/account").statusCode()).isEqualTo(303);
        }
        assertThat(admin.send("POST", "session", "{\"name\":\"changes\",\"password\":\"" + PASSWORD + "\"}")
                        .statusCode())
                .isEqualTo(401);
        assertThat(logIn("changes", next)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wrong wrong wrong     | another correct horse | another correct horse | 403 | Ce n’est pas votre mot de passe
            correct horse battery | another correct horse | another correct horse2 | 400 | not the same
            correct horse battery | short                 | short                 | 400 | allowed are 12 to 200
            """)
    void password_thatCannotBeChanged_staysAndIsNotShown(String old, String next, String again, int status, String said)
            throws Exception {
        String session = session("keeps-" + status + next.length() + again.length(), "viewer");

        HttpResponse<String> answer = post(
                session,
                "put/session/password",
                Map.of("old", old, "new", next, "again", again, "back", "/admin/account"));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(said).doesNotContain(old, "value=\"" + next);
        assertThat(page(session, "/admin/account").statusCode()).isEqualTo(200);
    }
}
