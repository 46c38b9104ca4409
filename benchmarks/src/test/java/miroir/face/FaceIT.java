package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.structure.ServedTypes;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.simulator.http.Simulator;
import miroir.simulator.http.SimulatorSettings;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Schedule;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.daemon.Daemon;
import miroir.sync.run.RunSettings;
import miroir.sync.testing.Mirroring;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** A server, a daemon and a simulated directory, and people in front of a browser. {@code -Dregenerate} makes the pictures in docs/ui anew. */
@Tag("long")
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaceIT {
    private static final String PASSWORD = "a long enough password";
    private static final Path PICTURES = Path.of(System.getProperty("miroir.root"), "docs", "ui");
    private static final RunSettings SMALL = new RunSettings(1, 50, Duration.ofDays(30), Duration.ofDays(3));
    private static final Set<String> TYPES = ServedTypes.of(ServedTypes.DIRECTORY);

    private static final Definition PRACTITIONERS = daily("Practitioner");

    private Simulator simulator;
    private TestServer server;
    private Mirroring mirroring;
    private Daemon daemon;
    private Browser browser;

    private static Definition daily(String type) {
        Definition plain = Definition.of("up", type);
        return new Definition(
                plain.name(),
                "up",
                type,
                "",
                Schedule.parse("24h"),
                plain.fullEvery(),
                plain.overlap(),
                0.05,
                0.01,
                10);
    }

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        assumeTrue(Browser.isInstalled(), "there is no Chromium with its driver (Debian: chromium, chromium-driver)");
        simulator = Simulator.start(SimulatorSettings.standard());
        server = TestServer.besideADaemon("access: {mode: open}", database, TYPES);
        List<Definition> definitions = new ArrayList<>();
        for (String type : List.of("Organization", "Practitioner", "PractitionerRole", "HealthcareService", "Device")) {
            definitions.add(daily(type));
        }
        mirroring = Mirroring.of(
                database, Mirroring.source(simulator.base()), SMALL, definitions.toArray(Definition[]::new));
        daemon = mirroring.daemon();
        daemon.start();
        AdminClient.local(server)
                .done(
                        "POST",
                        "administrators",
                        "{\"name\":\"ada\",\"role\":\"administrator\",\"password\":\"" + PASSWORD + "\"}");
        browser = Browser.open();
        logIn(browser);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> mirroring.register().all().stream()
                                .filter(each -> each.mark() != null)
                                .count()
                        == definitions.size());
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
        if (daemon != null) {
            daemon.close();
            mirroring.close();
            server.close();
            simulator.close();
        }
    }

    private String url(String path) {
        return server.uri(path).toString();
    }

    private void logIn(Browser who) {
        who.go(url("/admin"));
        who.type("name", "ada");
        who.type("password", PASSWORD);
        who.follow("form.stack button");
        assertThat(who.url()).endsWith("/admin/synchronisations");
    }

    private static List<String> pages() {
        return List.of(
                "/",
                "/admin/login",
                "/admin/setup?code=x",
                "/admin/synchronisations",
                "/admin/synchronisations?state=ok",
                "/admin/synchronisations/up.Practitioner",
                "/admin/synchronisations/new",
                "/admin/sources",
                "/admin/sources/up",
                "/admin/sources/new",
                "/admin/consumers",
                "/admin/audit",
                "/admin/audit?outcome=success",
                "/parameters",
                "/parameters/Practitioner",
                "/people",
                "/people?q=martin",
                "/people?q=nobody-at-all",
                "/admin/resources",
                "/admin/resources/Organization?q=name:contains%3Dpharmacie",
                "/admin/resources/Organization?q=nonsense%3D1",
                "/admin/resources/Organization/nowhere?q=",
                "/admin/load",
                "/admin/load?range=7d",
                "/admin/settings",
                "/admin/account",
                "/reports/quality",
                "/reports/changes",
                "/reports/mailboxes",
                "/admin/nowhere");
    }

    @Test
    void pages_inBothLanguagesAndBothLights_areUsableByAll() throws Exception {
        for (String language : List.of("en", "fr")) {
            for (String page : pages()) {
                browser.go(url(page + (page.contains("?") ? "&" : "?") + "lang=" + language));
                browser.assertUsable(language + " " + page);
                if (language.equals("fr")) {
                    browser.likeDark(true);
                    browser.assertUsable("in the dark " + page);
                    browser.likeDark(false);
                    shoot(page);
                }
            }
        }
    }

    private void shoot(String page) throws Exception {
        if (!page.contains("?")) {
            shootAs(page.equals("/") ? "home" : page.substring(1).replaceAll("[^A-Za-z]+", "-"));
        }
    }

    private void shootAs(String name) throws Exception {
        if (System.getProperty("regenerate") != null) {
            Files.createDirectories(PICTURES);
            browser.shoot(PICTURES.resolve(name + ".png"));
        }
    }

    /** Half the width is what somebody has who zooms to 200 %. */
    @Test
    void pages_onAPhoneAndZoomed_needNoScrollingSideways() {
        for (int width : new int[] {640, 500}) {
            browser.resize(width);
            for (String page : pages()) {
                browser.go(url(page));
                assertThat(browser.overflow()).as("%s, %d wide", page, width).isLessThanOrEqualTo(0);
            }
        }
        browser.resize(1280);
    }

    @Test
    void keyboard_reachesTheContentFirst() {
        browser.go(url("/"));
        browser.press(Keys.TAB);

        assertThat(browser.focused()).isEqualTo("skip");
        browser.press(Keys.ENTER);
        assertThat(browser.url()).endsWith("#main");
    }

    @Test
    void example_runsInThePage() {
        browser.go(url("/"));
        browser.click("[data-try]");

        browser.await("#try-answer li");
        assertThat(browser.text("#try-answer p")).contains("ms");
        assertThat(browser.url()).isEqualTo(url("/"));

        browser.type("query", "Practitioner?nonsense=1");
        browser.click("#try-form button");
        browser.awaitText("#try-answer", "nonsense");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void somebody_isFoundFromTheFirstPageOn() {
        browser.go(url("/?lang=fr"));
        browser.type("q", "martin");
        browser.follow("[role=search] button");
        assertThat(browser.text("#found")).contains("trouvée");
        assertThat(browser.text("#understood")).contains("martin");
        assertThat(browser.text("#request")).contains("/fhir/$directory-search?name=martin");

        browser.click("#more");
        browser.type("postalcode", "00000");
        browser.follow("#look");
        assertThat(browser.text("#found")).contains("Personne");
        browser.follow("#with-errors");
        assertThat(browser.url()).contains("fuzzy=true");
        assertThat(browser.complaints()).isEmpty();
    }

    /** What one sees move, another one started. */
    @Test
    void started_inOneBrowser_isSeenMovingInAnother() {
        simulator.faults();
        try (Browser other = Browser.open()) {
            logIn(other);
            other.go(url("/admin/synchronisations"));
            String before = PRACTITIONERS.name();
            long runs = mirroring.register().runs(before, 50).size();
            browser.go(url("/admin/synchronisations/up.Practitioner"));
            browser.follow("#full-up-Practitioner");

            other.await(".badge.busy, svg[aria-label*='" + before + "'] rect:nth-child(" + (runs + 1) + ")");
            browser.awaitText("#detail tbody tr:first-child", "complète");
            browser.awaitText("#detail tbody tr:first-child", "Réussie");
            assertThat(other.complaints()).isEmpty();
        }
    }

    @Test
    void log_ofARun_isReadInTheConsole() throws Exception {
        browser.go(url("/admin/synchronisations/up.HealthcareService?lang=fr"));
        assertThat(browser.text("#log")).contains("begins, ", "complete, ");
        browser.follow("#whole-log");
        assertThat(browser.text("#log")).contains("begins, ", "complete, ");
        browser.assertUsable("a run");
        shootAs("admin-run");
        browser.resize(500);
        assertThat(browser.overflow()).isLessThanOrEqualTo(0);
        browser.resize(1280);
    }

    /** A second line tells the pages that belong together. */
    @Test
    void navigation_isTwoLines_andSaysWhereOneIs() {
        browser.go(url("/admin/load?lang=fr"));

        assertThat(browser.text(".places")).contains("Charge", "Réglages");
        assertThat(browser.text(".top nav a[aria-current=page]")).isEqualTo("Charge");
        assertThat(browser.text(".top nav a[aria-current=true]")).isEqualTo("Serveur");
        assertThat(browser.height(".top")).isLessThan(110);
    }

    @Test
    void everything_ofASourceAndASynchronisation_canBeDoneInTheConsole() {
        browser.go(url("/admin/sources"));
        browser.follow("a.button");
        browser.type("name", "second");
        browser.type("url", "not an address");
        browser.follow("#save");
        assertThat(browser.text("[role=alert]")).contains("not an address");
        browser.type("url", simulator.base().toString());
        browser.follow("#save");
        browser.await("#try-second");
        browser.follow("#try-second");
        browser.awaitText("#sources", "Organization, en");

        browser.go(url("/admin/synchronisations/new"));
        browser.click("#source option:nth-child(1)");
        browser.click("#type option:nth-child(3)");
        browser.type("name", "part");
        browser.type("filter", "active=true");
        browser.follow("#save");
        browser.await("[id='stop-second-HealthcareService-part'], [id='start-second-HealthcareService-part']");

        browser.go(url("/admin/synchronisations/second.HealthcareService.part"));
        browser.type("schedule", "6h");
        browser.follow("#save");
        Awaitility.await().until(() -> mirroring.register().commands().isEmpty());
        browser.go(url("/admin/synchronisations/second.HealthcareService.part"));
        assertThat(browser.source()).contains("value=\"6h\"");
        browser.await("[id='stop-second-HealthcareService-part']");
        browser.follow("[id='stop-second-HealthcareService-part']");
        browser.awaitText("#detail .badge", "Arrêtée");
        browser.follow("[id='start-second-HealthcareService-part']");
        browser.await("[id='stop-second-HealthcareService-part']");
        browser.click("#sure");
        browser.follow("#delete");
        Awaitility.await()
                .until(() -> mirroring
                        .register()
                        .find("second/HealthcareService/part")
                        .isEmpty());
        browser.go(url("/admin/sources/second"));
        browser.click("#sure");
        browser.follow("#delete");
        Awaitility.await().until(() -> mirroring.register().source("second").isEmpty());
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void resources_areFoundReadAndCompared() throws Exception {
        browser.go(url("/admin/resources?lang=fr"));
        browser.follow("a[href$='/admin/resources/Organization']");
        browser.click("#parameter option[value=active]");
        browser.type("value", "true");
        browser.follow("#find");
        assertThat(browser.source()).contains("active=true");
        shootAs("admin-resources-search");
        browser.follow("#results tbody th a");
        browser.assertUsable("a resource");
        shootAs("admin-resources-resource");
        browser.resize(500);
        assertThat(browser.overflow()).isLessThanOrEqualTo(0);
        browser.click("#show-json");
        assertThat(browser.overflow()).isLessThanOrEqualTo(0);
        browser.resize(1280);
        browser.follow("#history");
        browser.assertUsable("a history");
        shootAs("admin-resources-history");
        browser.resize(500);
        assertThat(browser.overflow()).isLessThanOrEqualTo(0);
        browser.resize(1280);
        browser.follow("main h2 a");
        assertThat(browser.source()).contains("Ceci est la version");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void everything_ofAConsumer_canBeDoneInTheConsole() {
        browser.go(url("/admin/consumers"));
        browser.click("#new-consumer");
        browser.type("name", "pharmacy");
        browser.type("contact", "somebody@example.org");
        browser.follow("#make-consumer");
        browser.go(url("/admin/consumers/pharmacy"));
        browser.assertUsable("a consumer");
        browser.type("label", "first");
        browser.follow("#issue");
        assertThat(browser.text("#secret")).startsWith("miroir_");
        browser.assertUsable("a secret");
        browser.follow("a.button");
        browser.follow("#block");
        assertThat(browser.text(".big .badge")).contains("Bloqué");
        browser.follow("#block");
        browser.type("quota", "7");
        browser.follow("#save-quota");
        browser.follow("[id^=revoke-]");
        assertThat(browser.source()).contains("Aucun jeton");
        browser.click("#sure");
        browser.follow("#delete");
        assertThat(browser.source()).doesNotContain("somebody@example.org");
    }

    @Test
    void setting_changedInTheConsole_countsAndGoesBack() {
        browser.go(url("/admin/settings?lang=fr"));
        browser.type("value-search-maximumIncluded", "many");
        browser.follow("#save-search-maximumIncluded");
        assertThat(browser.text("[role=alert]")).contains("many");
        browser.type("value-search-maximumIncluded", "77");
        browser.follow("#save-search-maximumIncluded");
        assertThat(browser.text("#now-search-maximumIncluded")).contains("77", "saisie dans la console par ada");
        browser.assertUsable("a setting");
        browser.follow("#reset-search-maximumIncluded");
        assertThat(browser.text("#now-search-maximumIncluded")).contains("1000");
    }

    @Test
    void console_withoutScripts_worksAsWell() {
        try (Browser plain = Browser.withoutScripts()) {
            logIn(plain);
            int before = mirroring.register().runs("up/Device", 50).size();
            plain.follow("[id='start-up-Device']");
            assertThat(plain.text("[role=status]")).contains("demandé");
            Awaitility.await()
                    .until(() -> mirroring.register().runs("up/Device", 50).size() > before);
            plain.follow("#log-out");
            plain.go(url("/admin/consumers"));
            assertThat(plain.url()).contains("/admin/login?next=");
        }
    }
}
