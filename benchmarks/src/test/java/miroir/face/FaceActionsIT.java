package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import miroir.server.routing.AdminRoute;
import miroir.storage.sync.Synchronisation;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** Everything that people do on the pages, in both languages, where reading takes a token unless it says otherwise. How pages are is in {@link FaceIT}. */
@Tag("long")
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FaceActionsIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** What one sees of what another one has started is measured so often, and the median counts: two turns of a second each are on the way, and others use this machine too. */
    private static final int TRIES = 5;

    private FaceSite site;
    private Browser browser;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        assumeTrue(Browser.isInstalled(), "there is no Chromium with its driver (Debian: chromium, chromium-driver)");
        site = FaceSite.start(database);
        browser = Browser.open();
        logIn(browser, "ada", FaceSite.PASSWORD);
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
            site.close();
        }
    }

    private void logIn(Browser who, String name, String password) {
        who.go(site.closed("/admin/login"));
        who.type("name", name);
        who.type("password", password);
        who.follow("form.stack button");
        assertThat(who.url()).endsWith("/admin/synchronisations");
    }

    private void go(String path, Words words) {
        browser.go(site.closed(path + (path.contains("?") ? "&" : "?") + "lang=" + words.language()));
    }

    private void awaitSynchronisation(String name, Predicate<Synchronisation> condition) {
        Awaitility.await()
                .atMost(LONG)
                .until(() -> site.register().find(name).filter(condition).isPresent());
    }

    private void awaitNothingAsked() {
        Awaitility.await().atMost(LONG).until(() -> site.register().commands().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    void sources_andSynchronisations(String language) {
        Words words = Words.in(language);
        String source = "second-" + language;
        String dotted = source + ".HealthcareService.part";
        String name = dotted.replace('.', '/');
        String id = dotted.replace('.', '-');
        go("/admin/sources", words);
        browser.follow("a.button");
        browser.type("name", source);
        browser.type("url", "not an address");
        browser.follow("#save");
        assertThat(browser.text("[role=alert]")).contains(words.say("failure.client"), "not an address");
        browser.type("url", site.simulator().base().toString());
        browser.follow("#save");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.ADD_SOURCE"));
        browser.awaitAndFollow("#try-" + source);
        browser.awaitText("#sources", "Organization, ");
        awaitNothingAsked();
        go("/admin/sources/" + source, words);
        browser.type("quota", "77");
        browser.follow("#save");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.PUT_SOURCE"));
        awaitNothingAsked();

        go("/admin/synchronisations/new", words);
        browser.choose("source", source);
        browser.choose("type", "HealthcareService");
        browser.type("name", "part");
        browser.type("filter", "active=true");
        browser.follow("#save");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.ADD_SYNCHRONISATION"));
        awaitSynchronisation(name, each -> each.mark() != null);
        go("/admin/synchronisations/" + dotted, words);
        browser.awaitAndFollow("[id='full-" + id + "']");
        awaitNothingAsked();
        awaitSynchronisation(name, each -> each.run() == null && !each.wanted());

        confirmWhatTheGuardHolds(words, dotted, name, id);

        browser.awaitAndFollow("[id='stop-" + id + "']");
        browser.awaitText("#detail .badge", words.say("state.stopped"));
        browser.awaitAndFollow("[id='start-" + id + "']");
        browser.await("[id='stop-" + id + "']");
        browser.click("#sure");
        browser.follow("#delete");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.DELETE_SYNCHRONISATION"));
        Awaitility.await().atMost(LONG).until(() -> site.register().find(name).isEmpty());
        go("/admin/sources/" + source, words);
        browser.click("#sure");
        browser.follow("#delete");
        Awaitility.await()
                .atMost(LONG)
                .until(() -> site.register().source(source).isEmpty());
        assertThat(browser.complaints()).isEmpty();
    }

    /** With another filter nothing of what was copied is selected any more: that is more than may be removed unasked. */
    private void confirmWhatTheGuardHolds(Words words, String dotted, String name, String id) {
        go("/admin/synchronisations/" + dotted, words);
        browser.type("filter", "active=false");
        browser.follow("#save");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.PUT_SYNCHRONISATION"));
        awaitNothingAsked();
        go("/admin/synchronisations/" + dotted, words);
        browser.awaitAndFollow("[id='full-" + id + "']");
        awaitSynchronisation(name, each -> each.held() != null);
        browser.awaitText("#detail .badge", words.say("state.waiting"));
        browser.assertUsable("what the guard holds back, " + words.language());
        browser.click("#held");
        browser.follow("#confirm");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.CONFIRM_SYNCHRONISATION"));
        awaitSynchronisation(name, each -> each.held() == null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    void consumers_andWhatTheyMay(String language) throws Exception {
        Words words = Words.in(language);
        String name = "hospital-" + language;
        go("/admin/consumers", words);
        makeNamed("roles", "reads-" + language, "READ on *");
        browser.script("document.querySelector('#roles-reads-" + language + "').closest('details').open = true");
        browser.type("roles-reads-" + language, "READ, SEARCH on *");
        browser.follow("#save-roles-reads-" + language);
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.PUT_ROLE"));
        makeNamed("groups", "all-" + language, "reader");
        browser.script("document.querySelector('#groups-all-" + language + "').closest('details').open = true");
        browser.type("groups-all-" + language, "reads-" + language);
        browser.follow("#save-groups-all-" + language);
        browser.click("#new-administrators");
        browser.type("administrators-name", "zoe-" + language);
        browser.choose("administrators-role", words.say("role.operator"));
        browser.type("administrators-password", FaceSite.PASSWORD);
        browser.follow("#make-administrators");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.ADD_ADMINISTRATOR"));

        browser.click("#new-consumer");
        browser.type("name", name);
        browser.type("contact", "somebody@example.org");
        browser.follow("#make-consumer");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.ADD_CONSUMER"));
        go("/admin/consumers/" + name, words);
        browser.type("label", "first");
        browser.follow("#issue");
        String secret = browser.text("#secret");
        assertThat(secret).startsWith("miroir_");
        browser.assertUsable("a secret");
        browser.follow("a.button");
        if (language.equals("fr")) {
            tryWith(secret, words);
        }
        go("/admin/consumers/" + name, words);
        browser.follow("#block");
        assertThat(browser.text(".big .badge")).contains(words.say("state.blocked"));
        browser.follow("#block");
        browser.type("quota", "7");
        browser.follow("#save-quota");
        browser.type("groups", "all-" + language);
        browser.follow("#save");
        assertThat(browser.text("main ul")).contains("READ");
        browser.follow("[id^=revoke-]");
        assertThat(browser.source()).contains(words.say("token.none"));
        browser.click("#sure");
        browser.follow("#delete");
        assertThat(browser.source()).doesNotContain("somebody@example.org");

        browser.follow("#remove-groups-all-" + language);
        browser.follow("#remove-roles-reads-" + language);
        browser.follow("#remove-administrators-zoe-" + language);
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.DELETE_ADMINISTRATOR"));
        assertThat(browser.complaints()).isEmpty();
    }

    private void makeNamed(String kind, String name, String parts) {
        browser.click("#new-" + kind);
        browser.type(kind + "-name", name);
        browser.type(kind + "-parts", parts);
        browser.follow("#make-" + kind);
    }

    /** Whoever has a token tries with it on the first page, which forgets it. */
    private void tryWith(String token, Words words) {
        try (Browser visitor = Browser.open()) {
            visitor.go(site.closed("/?lang=" + words.language()));
            visitor.click("[data-try]");
            visitor.awaitText("#try-answer", words.say("home.tokenFirst"));
            visitor.type("token", token);
            visitor.click("[data-try]");
            visitor.await("#try-answer li");
            assertThat(visitor.text("#try-answer p")).contains("ms");
            assertThat(visitor.count("#try-answer a")).isZero();
            visitor.assertUsable("an answer for a token");
            visitor.type("token", "miroir_wrong");
            visitor.click("#try-form button");
            visitor.await("#try-answer .notice.bad");
            assertThat(visitor.script("return sessionStorage.length + localStorage.length"))
                    .isEqualTo(0L);
            visitor.go(site.closed("/"));
            assertThat(visitor.script("return document.getElementById('token').value"))
                    .isEqualTo("");
            assertThat(visitor.complaints()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    void requests_ofTokens(String language) throws Exception {
        Words words = Words.in(language);
        List<String> ids = new ArrayList<>();
        for (String each : List.of("wanted", "unwanted")) {
            ids.add(site.local()
                    .done(
                            "POST",
                            "requests",
                            "{\"name\":\"" + each + "-" + language
                                    + "\",\"contact\":\"me@example.org\",\"reason\":\"to read\"}")
                    .getString("id")
                    .getValue());
        }
        go("/admin/consumers", words);
        browser.assertUsable("requests");
        browser.follow("[id='accept-" + ids.get(0) + "']");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.ACCEPT_REQUEST"));
        browser.follow("[id='refuse-" + ids.get(1) + "']");
        assertThat(browser.source()).contains(words.say("request.accepted"), words.say("request.refused"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    void settings_areSet_andGoBack(String language) {
        Words words = Words.in(language);
        go("/admin/settings", words);
        browser.type("value-search-maximumIncluded", "many");
        browser.follow("#save-search-maximumIncluded");
        assertThat(browser.text("[role=alert]")).contains("many");
        browser.type("value-search-maximumIncluded", "77");
        browser.follow("#save-search-maximumIncluded");
        assertThat(browser.text("#now-search-maximumIncluded"))
                .contains("77")
                .doesNotContain(words.say("setting.byDefault"));
        browser.assertUsable("a setting");
        browser.follow("#reset-search-maximumIncluded");
        assertThat(browser.text("#now-search-maximumIncluded")).contains("1000", words.say("setting.byDefault"));

        browser.choose("value-subscriptions-validation", "automatic");
        browser.follow("#save-subscriptions-validation");
        go("/admin/subscriptions", words);
        assertThat(browser.text("#rules")).contains(words.say("subs.automatic"));
        browser.follow("#rules a");
        browser.follow("#reset-subscriptions-validation");
        go("/admin/subscriptions", words);
        assertThat(browser.text("#rules")).contains(words.say("subs.manual"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    void subscriptions_areApproved_paused_andResumed(String language) throws Exception {
        Words words = Words.in(language);
        String id = site.subscribe("Device?status=" + (language.equals("fr") ? "active" : "inactive"));
        String row = "[id='row-" + id + "'] .badge";
        go("/admin/subscriptions", words);
        assertThat(browser.text(row)).contains(words.say("subs.requested"));
        browser.follow("[id='subs.approve-" + id + "']");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.APPROVE_SUBSCRIPTION"));
        browser.follow("[id='subs.pause-" + id + "']");
        assertThat(browser.text(row)).contains(words.say("subs.off"));
        browser.follow("[id='subs.resume-" + id + "']");
        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.RESUME_SUBSCRIPTION"));
        assertThat(browser.text(row)).doesNotContain(words.say("subs.off"));
        browser.assertUsable("subscriptions");
    }

    /** It is made while somebody looks. */
    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    void exports_areSeen_andEnded(String language) throws Exception {
        Words words = Words.in(language);
        go("/admin/exports", words);
        String name = site.export("Device");
        browser.awaitText("[id='row-" + name + "'] .badge", words.say("exports.complete"));
        browser.assertUsable("exports");

        browser.click("[id='sure-" + name + "']");
        browser.follow("[id='end-" + name + "']");

        assertThat(browser.text("[role=status]")).isEqualTo(words.say("done.DELETE_EXPORT"));
        // Who begins to listen is told first how it looked to all a second ago.
        Awaitility.await().atMost(LONG).until(() -> !browser.has("[id='row-" + name + "']"));
    }

    /** By the link that makes an administrator, another password, and out. */
    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    void account_isMade_getsAnotherPassword_andIsLeft(String language) throws Exception {
        Words words = Words.in(language);
        String link =
                site.local().done("POST", "setup-link", "").getString("link").getValue();
        try (Browser somebody = Browser.open()) {
            somebody.go(link + "&lang=" + language);
            somebody.type("name", "first-" + language);
            somebody.type("password", FaceSite.PASSWORD);
            somebody.type("again", FaceSite.PASSWORD);
            somebody.follow("form.stack button");
            somebody.go(site.closed("/admin/account?lang=" + language));
            somebody.type("old", "not what it is");
            somebody.type("new", FaceSite.PASSWORD + "!");
            somebody.type("again", FaceSite.PASSWORD + "!");
            somebody.follow("#change");
            assertThat(somebody.text("[role=alert]")).contains(words.say("account.wrong"));
            somebody.type("old", FaceSite.PASSWORD);
            somebody.type("new", FaceSite.PASSWORD + "!");
            somebody.type("again", FaceSite.PASSWORD + "!");
            somebody.follow("#change");
            assertThat(somebody.text("[role=status]")).isEqualTo(words.say("done.CHANGE_PASSWORD"));
            somebody.follow("#log-out");
            logIn(somebody, "first-" + language, FaceSite.PASSWORD + "!");
            browser.offered().addAll(somebody.offered());
            browser.done().addAll(somebody.done());
        }
    }

    /** Whatever a form of a page asks for, some test here has sent. */
    @Test
    @Order(Integer.MAX_VALUE)
    void actions_thatAreOffered_wereAllDone() {
        for (String path : List.of("/admin/consumers", "/admin/settings", "/admin/sources", "/admin/account")) {
            browser.go(site.closed(path));
        }
        Set<AdminRoute> left = EnumSet.copyOf(browser.offered());
        left.removeAll(browser.done());

        assertThat(browser.offered()).hasSizeGreaterThan(25);
        assertThat(left).isEmpty();
    }

    // --- what is found

    @Test
    void keyboard_reachesTheContentFirst() {
        browser.go(site.open("/"));
        browser.press(Keys.TAB);

        assertThat(browser.focused()).isEqualTo("skip");
        browser.press(Keys.ENTER);
        assertThat(browser.url()).endsWith("#main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    void examples_runInThePage(String language) {
        Words words = Words.in(language);
        browser.go(site.open("/?lang=" + language));
        browser.click("[data-try]");
        browser.await("#try-answer li");
        assertThat(browser.text("#try-answer p")).contains("ms");
        browser.type("query", "Practitioner?nonsense=1");
        browser.click("#try-form button");
        browser.awaitText("#try-answer", "nonsense");

        // Who is logged in needs no token.
        go("/", words);
        assertThat(browser.has("#token")).isFalse();
        browser.click("[data-try*='Practitioner?family']");
        browser.await("#try-answer table tbody tr");
        browser.click("[data-try^='$directory-search']");
        browser.await("#try-answer ol.people, #try-answer .notice");
        assertThat(browser.has("#try-answer ol.people"))
                .as(browser.text("#try-answer"))
                .isTrue();
        browser.type("query", "Organization?nonsense=1");
        browser.click("#try-form button");
        browser.awaitText("#try-answer .notice", "nonsense");
        assertThat(browser.url()).startsWith(site.closed("/"));
        browser.assertUsable("examples for who is logged in");
    }

    /** Neither one resource nor one without an id is "nothing", and what FHIR does not answer to a session is not asked of it. */
    @Test
    void requests_forOneResource_areAnswered() throws Exception {
        String path = "Organization/" + site.some("Organization");
        browser.go(site.open("/?lang=fr"));
        for (String query : List.of(path, "metadata")) {
            browser.type("query", query);
            browser.click("#try-form button");
            browser.awaitText("#try-found", query.equals(path) ? path : "CapabilityStatement");
            assertThat(browser.text("#try-said")).contains("1 résultat");
        }

        browser.go(site.closed("/?lang=fr"));
        browser.type("query", path);
        browser.click("#try-form button");
        browser.await("#try-found a[href$='" + path + "']");
        browser.type("query", "metadata");
        browser.click("#try-form button");
        browser.awaitText("#try-said.notice", "Aucune page");
    }

    /** Without a script one logs in; with one a token may be typed in, which is gone with the page, also for who goes back to it. */
    @Test
    void token_thatIsTypedIn_isGoneWithThePage() {
        try (Browser somebody = Browser.open()) {
            somebody.go(site.closed("/?lang=fr"));
            assertThat(somebody.isShown("#try-how")).isTrue();
            assertThat(somebody.has("form #token")).isFalse();
            somebody.type("token", "no token at all");
            somebody.press(Keys.ENTER);
            somebody.await("#try-said.notice");
            somebody.script("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));");
            assertThat(somebody.script("return document.getElementById('token').value"))
                    .isEqualTo("");
            assertThat(somebody.text("#try-answer")).isEmpty();
        }
    }

    /** Who logged out in another window is told that, and not that the server is away. */
    @Test
    void example_afterTheSessionIsOver_leadsToTheLogin() {
        try (Browser other = Browser.open()) {
            logIn(other, "vera", FaceSite.PASSWORD);
            other.go(site.closed("/?lang=fr"));
            other.forget();
            other.click("[data-try*='Practitioner?family']");
            other.await("#try-said a[href$='/admin/login']");
            assertThat(other.text("#try-said")).contains("terminée");
        }
    }

    /** A first page that stands open says once that its server is gone, and that it is there again. */
    @Test
    void home_whoseServerIsGone_doesNotSayThatItIsUp() {
        try (Browser somebody = Browser.open()) {
            somebody.beforePages("var real = window.setInterval;"
                    + "window.setInterval = function (work, millis) { return real(work, millis / 100); };");
            somebody.go(site.closed("/?lang=fr"));
            assertThat(somebody.isShown("#now .big")).isTrue();
            somebody.script("window.asked = 0; window.real = window.fetch;"
                    + "window.fetch = function () { window.asked++; return Promise.reject(new TypeError('gone')); };");
            Awaitility.await().atMost(LONG).until(() -> (Long) somebody.script("return window.asked") > 3);
            assertThat(somebody.count("[role=status]")).isOne();
            assertThat(somebody.isShown("#now .big")).isFalse();
            somebody.script("window.fetch = window.real;");
            Awaitility.await().atMost(LONG).until(() -> !somebody.has("#stale") && somebody.isShown("#now .big"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    void somebody_isFoundFromTheFirstPageOn(String language) {
        Words words = Words.in(language);
        browser.go(site.open("/?lang=" + language));
        browser.type("q", "martin");
        browser.follow("[role=search] button");
        assertThat(browser.text("#understood")).contains("martin");
        assertThat(browser.text("#request")).contains("/fhir/$directory-search?name=martin");

        browser.click("#more");
        browser.type("postalcode", "00000");
        browser.follow("#look");
        assertThat(browser.text("#found"))
                .startsWith(words.say("people.none").split("\\(", 2)[0].strip());
        browser.follow("#with-errors");
        assertThat(browser.url()).contains("fuzzy=true");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void resources_areFoundReadAndCompared() {
        browser.go(site.closed("/admin/resources?lang=fr"));
        browser.follow("a[href$='/admin/resources/Organization']");
        browser.choose("parameter", browser.text("#parameter option[value=active]"));
        browser.type("value", "true");
        browser.follow("#find");
        assertThat(browser.source()).contains("active=true");
        browser.follow("#results tbody th a");
        browser.click("#show-json");
        browser.narrow(320, 1);
        assertThat(browser.overflow()).isLessThanOrEqualTo(0);
        browser.widen();
        browser.follow("#history");
        browser.follow("main h2 a");
        assertThat(browser.source()).contains("Ceci est la version");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void log_ofARun_isReadInTheConsole() {
        browser.go(site.closed("/admin/synchronisations/up.Organization?lang=fr"));
        assertThat(browser.text("#log")).contains("begins, ", "complete, ");
        browser.follow("#whole-log");
        assertThat(browser.text("#log")).contains("begins, ", "complete, ");
        assertThat(browser.count("#phases tbody tr")).isEqualTo(5);
    }

    @Test
    void console_withoutScripts_worksAsWell() {
        try (Browser plain = Browser.withoutScripts()) {
            logIn(plain, "ada", FaceSite.PASSWORD);
            int before = site.register().runs("up/Device", 50).size();
            plain.follow("[id='start-up-Device']");
            assertThat(plain.text("[role=status]")).contains("demandé");
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> site.register().runs("up/Device", 50).size() > before);
            plain.follow("#log-out");
            plain.go(site.closed("/admin/consumers"));
            assertThat(plain.url()).contains("/admin/login?next=");
        }
    }

    // --- what moves

    private static final String WATCH = """
            var row = document.getElementById("row-up-Practitioner");
            var marks = row.querySelectorAll("rect").length;
            window.seen = 0;
            if (window.watching) { window.watching.disconnect(); }
            window.watching = new MutationObserver(function () {
              var now = document.getElementById("row-up-Practitioner");
              if (!window.seen && (now.querySelector(".badge.busy") || now.querySelectorAll("rect").length > marks)) {
                window.seen = Date.now();
              }
            });
            window.watching.observe(document.getElementById("main"), { childList: true, subtree: true, attributes: true, characterData: true });
            """;

    /** What one sees move, another one started: the time from the click to what is seen, by the one clock of this machine. */
    @Test
    void started_inOneBrowser_isSeenMovingInAnother_within2Seconds(TestReporter reporter) {
        List<Long> seen = new ArrayList<>();
        try (Browser other = Browser.open()) {
            logIn(other, "ada", FaceSite.PASSWORD);
            // Both pages stay open, and are left alone until they show that nothing goes on.
            other.go(site.closed("/admin/synchronisations"));
            browser.go(site.closed("/admin/synchronisations/up.Practitioner?lang=fr"));
            for (int i = 0; i < TRIES; i++) {
                browser.await("#full-up-Practitioner");
                other.await("#row-up-Practitioner:not(:has(.badge.busy))");
                other.script(WATCH);
                long clicked = Instant.now().toEpochMilli();
                browser.follow("#full-up-Practitioner");
                Awaitility.await()
                        .atMost(LONG)
                        .until(() -> !other.script("return window.seen").equals(0L));
                seen.add(((Number) other.script("return window.seen")).longValue() - clicked);
                awaitSynchronisation("up/Practitioner", each -> each.run() == null);
                awaitNothingAsked();
            }
            browser.awaitText("#detail tbody tr:first-child", "Réussie");
            assertThat(other.complaints()).isEmpty();
        }
        reporter.publishEntry("milliseconds from the click until it was seen", seen.toString());
        assertThat(seen.stream().sorted().toList().get(TRIES / 2))
                .as("milliseconds from the click until it was seen, each time: %s", seen)
                .isLessThanOrEqualTo(2_000);
    }

    /** A browser whose stream is taken away asks from time to time; here twenty times as often, lest we wait. */
    @Test
    void page_whoseStreamIsOver_asksInstead() throws Exception {
        try (Browser other = Browser.open();
                Streams streams = new Streams()) {
            other.beforePages("var real = window.setInterval;"
                    + "window.setInterval = function (work, millis) { return real(work, millis / 20); };");
            logIn(other, "ada", FaceSite.PASSWORD);
            other.go(site.closed("/admin/synchronisations"));
            other.script("window.fetched = 0; var real = window.fetch;"
                    + "window.fetch = function (url) { window.fetched++; return real(url); };");
            for (int i = 0; i < 8; i++) {
                streams.open(site.closed("/admin/events?of=sources"), other.cookie("miroir_session"));
            }
            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> !other.script("return window.fetched").equals(0L));
            other.script(WATCH);
            browser.go(site.closed("/admin/synchronisations/up.Practitioner"));
            browser.awaitAndFollow("#full-up-Practitioner");

            Awaitility.await()
                    .atMost(LONG)
                    .until(() -> !other.script("return window.seen").equals(0L));
            assertThat(other.complaints()).isEmpty();
        }
    }

    /** A page that nobody looks at gives its connection back, and has another one as soon as somebody does. */
    @Test
    void page_thatIsHidden_doesNotListen() {
        try (Browser other = Browser.open()) {
            other.beforePages("window.opened = []; window.EventSource = class extends EventSource {"
                    + " constructor(url) { super(url); window.opened.push(this); } };");
            logIn(other, "ada", FaceSite.PASSWORD);
            assertThat(other.script("return window.opened.length")).isEqualTo(1L);
            for (boolean isHidden : new boolean[] {true, false}) {
                other.script(
                        "Object.defineProperty(document, 'hidden', { value: arguments[0], configurable: true });"
                                + "document.dispatchEvent(new Event('visibilitychange'));",
                        isHidden);
                assertThat(other.script("return window.opened.map(function (each) { return each.readyState === 2; })"))
                        .isEqualTo(isHidden ? List.of(true) : List.of(true, false));
            }
        }
    }

    /** Streams of events that nobody reads. */
    private static final class Streams implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final List<HttpResponse<InputStream>> all = new ArrayList<>();

        void open(String url, String session) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .header("Cookie", "miroir_session=" + session)
                    .build();
            all.add(client.send(request, BodyHandlers.ofInputStream()));
        }

        @Override
        public void close() throws IOException {
            for (HttpResponse<InputStream> each : all) {
                each.body().close();
            }
        }
    }
}
