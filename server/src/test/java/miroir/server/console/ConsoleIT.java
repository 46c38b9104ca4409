package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console as a browser without scripts sees it. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleIT {
    private TestServer server;
    private AdminClient local;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.withAccess("access: {mode: open}", database);
        local = AdminClient.local(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private ConsoleBrowser browser() {
        return new ConsoleBrowser(server, local);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin", "/admin/synchronisations", "/admin/consumers", "/admin/nowhere"})
    void page_withoutASession_leadsToTheLogin(String path) throws Exception {
        HttpResponse<String> answer = browser().get(path);

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(URI.create(answer.headers().firstValue("Location").orElseThrow())
                        .getPath())
                .isEqualTo(TestServer.path() + "/admin/login");
    }

    @Test
    void logIn_wrongPassword_showsTheFormAgainWithTheNameAndNoPassword() throws Exception {
        HttpResponse<String> answer = browser()
                .post(
                        "/admin/do/post/session",
                        Map.of("name", "ada<b>", "password", "wrong wrong wrong", "back", "/admin/login"));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("ada&lt;b>", "role=\"alert\"").doesNotContain("wrong wrong", "ada<b>");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void logIn_thatLeadsElsewhere_leadsToTheConsole() throws Exception {
        local.done(
                "POST",
                "administrators",
                "{\"name\":\"led\",\"role\":\"viewer\",\"password\":\"" + ConsoleBrowser.PASSWORD + "\"}");
        for (String next :
                new String[] {"https://evil.example/", "//evil.example/", "/\\evil.example", "/admin/../fhir", "/fhir/x"
                }) {
            HttpResponse<String> answer = browser()
                    .post(
                            "/admin/do/post/session",
                            Map.of("name", "led", "password", ConsoleBrowser.PASSWORD, "next", next));
            assertThat(answer.headers().firstValue("Location"))
                    .as(next)
                    .hasValueSatisfying(to -> assertThat(to)
                            .startsWith(TestServer.path() + "/admin")
                            .doesNotContain("evil"));
        }
    }

    @Test
    void form_withoutItsToken_isRefused_andSoIsOneOfAnotherSite() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("careful", "administrator");
        Map<String, String> form = Map.of("name", "forged", "back", "/admin/consumers");

        assertThat(browser.post("/admin/do/post/consumers", form).statusCode()).isEqualTo(403);
        Map<String, String> own = Map.of("name", "forged", "back", "/admin/consumers", "csrf", browser.csrf());
        assertThat(browser.post("/admin/do/post/consumers", own, "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(local.get("consumers/forged").statusCode()).isEqualTo(404);
        assertThat(browser.post("/admin/do/post/consumers", own).statusCode()).isEqualTo(303);
        assertThat(local.get("consumers/forged").statusCode()).isEqualTo(200);
    }

    @Test
    void cookie_opensNothingButPages() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("cookie", "administrator");

        assertThat(browser.get("/admin/api/consumers").statusCode()).isEqualTo(401);
        assertThat(browser.post("/admin/api/consumers", Map.of()).statusCode()).isEqualTo(401);
    }

    @Test
    void token_issued_isShownOnce() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("issuer", "administrator");
        String csrf = browser.csrf();
        browser.post("/admin/do/post/consumers", Map.of("name", "pharmacy", "roles", "reader\nwriter\n", "csrf", csrf));

        HttpResponse<String> shown = browser.post(
                "/admin/do/post/consumers/pharmacy/tokens",
                Map.of("label", "first", "csrf", csrf, "back", "/admin/consumers/pharmacy"));

        Matcher token = Pattern.compile("miroir_[A-Za-z0-9_-]{20,}").matcher(shown.body());
        assertThat(token.find()).as(shown.body()).isTrue();
        assertThat(shown.headers().firstValue("Cache-Control")).contains("no-store");
        String page = browser.get("/admin/consumers/pharmacy").body();
        assertThat(page).contains("first", "reader").doesNotContain(token.group());
    }

    @Test
    void refused_showsThePageAgainWithWhatWasTyped() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("typist", "administrator");

        HttpResponse<String> answer = browser.post(
                "/admin/do/post/consumers",
                Map.of(
                        "name",
                        "Not A Name",
                        "contact",
                        "somebody",
                        "csrf",
                        browser.csrf(),
                        "back",
                        "/admin/consumers?lang=en"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("role=\"alert\"", "value=\"Not A Name\"", "value=\"somebody\"");
    }

    @Test
    void viewer_seesPagesAndNoForms() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("looks", "viewer");

        assertThat(browser.get("/admin/consumers").body()).doesNotContain("id=\"make-consumer\"");
        HttpResponse<String> answer = browser.post(
                "/admin/do/post/consumers", Map.of("name", "x", "csrf", browser.csrf(), "back", "/admin/consumers"));
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    /** What is asked for shows after ten seconds. */
    @Test
    void load_showsWhatWasAskedFor_asChartsAndAsTables() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("watcher", "viewer");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> browser.get("/admin/load?lang=en").body().contains("<th scope=\"row\">console</th>"));

        String page = browser.get("/admin/load?range=10m&lang=en").body();

        assertThat(page)
                .contains(
                        "aria-current=\"page\">Load</a>",
                        "id=\"chart-requests\"",
                        "aria-label=\"Requests per second. per second:",
                        "id=\"numbers-latency\"",
                        "<th scope=\"row\">console</th>",
                        "d=\"M")
                .doesNotContain("NaN", "style=");
        assertThat(browser.get("/admin/load?range=24h&lang=fr").body()).contains("Temps de réponse (ms)", "24 heures");
        assertThat(browser.get("/admin/load?range=1y").statusCode()).isEqualTo(400);
        assertThat(browser.get("/admin/load?range=1y").body()).contains("10m, 1h, 24h, 7d");
        assertThat(browser.get("/admin/load/more").statusCode()).isEqualTo(404);
        assertThat(browser().get("/admin/load").statusCode()).isEqualTo(303);
    }

    @Test
    void logOut_endsTheSessionEverywhere() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("leaver", "viewer");

        assertThat(browser.post("/admin/do/delete/session", Map.of("csrf", browser.csrf()))
                        .statusCode())
                .isEqualTo(303);

        assertThat(browser.get("/admin/consumers").statusCode()).isEqualTo(303);
    }

    @Test
    void pages_loadNothingFromElsewhere_andNothingInline() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("policy", "administrator");
        for (String path : new String[] {"/", "/admin/login", "/admin/consumers", "/admin/setup?code=x"}) {
            HttpResponse<String> page = browser.get(path);
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy ->
                            assertThat(policy).startsWith("default-src 'self'").doesNotContain("unsafe"));
            assertThat(page.body()).doesNotContain("<style", " style=", " onclick=", "<script>");
        }
    }

    @Test
    void language_onceChosen_stays() throws Exception {
        ConsoleBrowser browser = browser();

        assertThat(browser.get("/").body()).contains("<html lang=\"fr\">");
        assertThat(browser.get("/?lang=en").body()).contains("<html lang=\"en\">");
        assertThat(browser.get("/admin/login").body()).contains("<html lang=\"en\">", "Password");
    }

    /** A form that anybody may send names the page that it comes back to. */
    @ParameterizedTest
    @ValueSource(strings = {"/admin/consumers", "/admin/synchronisations", "/admin/runs/x", "/admin/sources/x"})
    void form_refused_showsNobodyAPageThatHeMayNotSee(String back) throws Exception {
        for (String form : new String[] {"/admin/do/post/session", "/admin/do/post/setup"}) {
            HttpResponse<String> answer = browser().post(form, Map.of("name", "x", "back", back));

            assertThat(answer.statusCode()).isBetween(400, 499);
            assertThat(answer.body()).doesNotContain("<table", "reader", "<h2");
        }
    }

    @Test
    void language_thatIsNone_isRefusedInOneThatIs() throws Exception {
        for (String path : new String[] {"/?lang=de", "/admin/login?lang=%3Cb%3E"}) {
            HttpResponse<String> answer = browser().get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(400);
            assertThat(answer.body())
                    .contains("<html lang=\"fr\">", "there are fr and en")
                    .doesNotContain("<b>");
        }
    }

    @Test
    void form_ofWhatHasNone_isNotThere() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("formless", "administrator");
        String csrf = browser.csrf();
        for (String path : new String[] {"get/audit/export", "post/setup-link", "post/requests", "put/nothing", "x"}) {
            HttpResponse<String> answer =
                    browser.post("/admin/do/" + path, Map.of("csrf", csrf, "back", "/admin/consumers"));
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
        }
    }

    /** Who comes too late sees what the other one saved, so that he does not put his own over it unseen. */
    @Test
    void saved_byWhoHasNotSeenWhatIsThere_isRefusedAndShowsIt() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("late", "administrator");
        String csrf = browser.csrf();
        browser.post("/admin/do/post/consumers", Map.of("name", "contested", "contact", "first", "csrf", csrf));
        Matcher version = Pattern.compile("name=\"version\" value=\"(\\d+)\"")
                .matcher(browser.get("/admin/consumers/contested").body());
        assertThat(version.find()).isTrue();
        Map<String, String> mine = Map.of(
                "contact", "mine", "version", version.group(1), "csrf", csrf, "back", "/admin/consumers/contested");
        Map<String, String> theirs = Map.of(
                "contact", "theirs", "version", version.group(1), "csrf", csrf, "back", "/admin/consumers/contested");
        assertThat(browser.post("/admin/do/put/consumers/contested", theirs).statusCode())
                .isEqualTo(303);

        HttpResponse<String> refused = browser.post("/admin/do/put/consumers/contested", mine);

        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(refused.body()).contains("value=\"theirs\"").doesNotContain("value=\"mine\"");
    }

    @Test
    void consumer_thatAsked_isShownWithItsCalls() throws Exception {
        String token = local.consumer("counted", "READ, SEARCH on *");
        for (int i = 0; i < 3; i++) {
            Http.send("GET", server.uri("/fhir/Organization"), "Authorization", "Bearer " + token);
        }
        ConsoleBrowser browser = browser().loggedIn("counting", "viewer");

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                browser.get("/admin/consumers/counted?lang=en").body())
                        .contains("3 calls in the last 24 hours."));
        assertThat(browser.get("/admin/consumers?lang=en").body())
                .contains("<td class=\"n\" data-label=\"Calls (24 h)\">3</td>");
        assertThat(local.done("GET", "consumers/counted", "").getNumber("calls").longValue())
                .isEqualTo(3);
    }

    /** Who changed his password in one window sends the form of another one: that is no wrong password. */
    @Test
    void password_byAFormOfAnEndedSession_isRefusedForThat() throws Exception {
        ConsoleBrowser browser = browser().loggedIn("two-windows", "viewer");
        Map<String, String> form = Map.of(
                "csrf", browser.csrf(),
                "back", "/admin/account",
                "old", ConsoleBrowser.PASSWORD,
                "new", "another long password",
                "again", "another long password");
        assertThat(browser.post("/admin/do/put/session/password", form).statusCode())
                .isEqualTo(303);

        HttpResponse<String> late = browser.post("/admin/do/put/session/password", form);

        assertThat(late.statusCode()).isEqualTo(403);
        assertThat(late.body()).contains("not one of this session").doesNotContain("Ce n’est pas votre mot de passe");
    }
}
