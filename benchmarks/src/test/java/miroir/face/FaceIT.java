package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.server.access.AdministratorRole;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every page in a browser, as each may see it. {@code -Dregenerate} makes the pictures in docs/ui anew. What people do there is in {@link FaceActionsIT}.
 */
@Tag("long")
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaceIT {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final Path PICTURES = ROOT.resolve("docs/ui");
    private static final String BEGIN_OF_TOKENS = "miroir_";
    private static final int WIDE = 1280;
    private static final int PHONE = 390;
    private static final int SMALL_PHONE = 320;

    /** Those that are shown in the dark, and on a phone, as well. */
    private static final Set<String> SHOWN_TWICE =
            Set.of("home", "admin-synchronisations", "admin-synchronisations-up-Practitioner", "admin-load", "people");

    /** Of those with a query. */
    private static final Set<String> SHOWN =
            Set.of("/admin/setup?code=x", "/people?q=martin", "/admin/resources/Organization/nowhere?q=");

    private FaceSite site;
    private Browser browser;
    private List<Place> places;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        assumeTrue(Browser.isInstalled(), "there is no Chromium with its driver (Debian: chromium, chromium-driver)");
        site = FaceSite.start(database);
        browser = Browser.open();
        places = Place.all(site.run("up/Practitioner"), site.some("Organization"));
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
            site.close();
        }
    }

    private void logIn(Browser who, String role) {
        who.forget();
        who.go(site.open("/admin/login"));
        who.type("name", Objects.requireNonNull(FaceSite.ADMINISTRATORS.get(role)));
        who.type("password", FaceSite.PASSWORD);
        who.follow("form.stack button");
        assertThat(who.url()).endsWith("/admin/synchronisations");
    }

    /** Whoever adds a template adds a place. What is shown once after a form was sent is shown where that is done. */
    @Test
    void places_areMadeByAllTemplatesThatThereAre() throws IOException {
        Set<String> templates = new TreeSet<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("server/src/main/jte"))) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains("@template.layout(")) {
                    templates.add(file.getFileName().toString().replace(".jte", ""));
                }
            }
        }
        Set<String> made = places.stream().map(Place::template).collect(Collectors.toCollection(TreeSet::new));
        made.add("secret");

        assertThat(made).isEqualTo(templates);
    }

    /** In the open: in both languages, in light and dark, by keyboard, on phones, at 200 %, with nothing that keeps anybody out. */
    @Test
    void pages_ofAnOpenServer_areUsableByAll() throws Exception {
        logIn(browser, "administrator");
        Set<String> links = new TreeSet<>();
        for (Place place : places) {
            browser.go(site.open(place.inLanguage("en")));
            browser.assertUsable("en " + place.path());
            browser.go(site.open(place.inLanguage("fr")));
            browser.assertUsable("fr " + place.path());
            browser.likeDark(true);
            browser.assertReadable("in the dark " + place.path());
            browser.likeDark(false);
            browser.narrow(PHONE, 1);
            browser.assertUsable("on a phone " + place.path());
            browser.widen();
            assertFits(place);
            links.addAll(browser.links());
            shoot(place);
            assertThat(browser.walk()).as("by keyboard: " + place.path()).isEmpty();
        }
        assertAllAreVisited(links);
    }

    private void assertFits(Place place) {
        for (int width : new int[] {WIDE / 2, PHONE, SMALL_PHONE}) {
            browser.narrow(width, width == WIDE / 2 ? 2 : 1);
            long overflow = browser.overflow();
            browser.widen();
            assertThat(overflow).as("%s, %d wide", place.path(), width).isLessThanOrEqualTo(0);
        }
    }

    /** Whatever page leads to one, that one was looked at, or one of its kind. */
    private void assertAllAreVisited(Set<String> links) {
        Set<String> kinds =
                places.stream().map(place -> Place.kind(place.path())).collect(Collectors.toSet());
        kinds.add("/admin");
        assertThat(links)
                .isNotEmpty()
                .allSatisfy(link ->
                        assertThat(Place.kind(link)).as(link).matches(kind -> kind.isEmpty() || kinds.contains(kind)));
    }

    /** Where reading takes a token, pages lead elsewhere, and say other things. */
    @Test
    void pages_ofAServerThatTakesTokens_areUsableByAdministrators() {
        logIn(browser, "administrator");
        Set<String> links = new TreeSet<>();
        for (Place place : places) {
            browser.go(site.closed(place.inLanguage("fr")));
            browser.assertUsable("with tokens " + place.path());
            assertFits(place);
            links.addAll(browser.links());
        }
        assertThat(links).noneMatch(link -> link.startsWith("/fhir"));
        assertAllAreVisited(links);
    }

    /** What somebody may not do is not offered to him, nor is a page that he may not see. */
    @Test
    void pages_forEachRole_offerWhatItMay() {
        for (AdministratorRole role : List.of(AdministratorRole.VIEWER, AdministratorRole.OPERATOR)) {
            logIn(browser, role.word());
            Set<String> links = new TreeSet<>();
            Set<String> refused = new TreeSet<>();
            for (Place place : places) {
                browser.go(site.closed(place.path()));
                assertThat(browser.complaints()).as(place.path()).isEmpty();
                assertThat(browser.asked())
                        .as("%s: %s", role, place.path())
                        .allMatch(route -> role.isAtLeast(route.needed()));
                if (browser.status() == 403) {
                    refused.add(Place.kind(place.path()));
                } else {
                    links.addAll(browser.links());
                }
            }
            assertThat(refused).as(role.word()).hasSize(role == AdministratorRole.VIEWER ? 1 : 0);
            assertThat(links).as(role.word()).noneMatch(link -> refused.contains(Place.kind(link)));
        }
    }

    /** Who is not logged in is led to the login, or reads what is for all. */
    @Test
    void pages_ofNobody_areUsable() {
        browser.forget();
        for (String path : List.of("/", "/people?q=martin", "/parameters", "/admin/login", "/admin/load")) {
            browser.go(site.closed(path));
            browser.assertUsable("nobody at " + path);
            assertThat(browser.walk()).as("by keyboard: " + path).isEmpty();
        }
    }

    /** How fresh the copies are is for everybody; how much there is of them is not. */
    @Test
    void home_ofNobody_saysHowFreshCopiesAre_andNotHowMany() {
        browser.forget();
        browser.go(site.closed("/?lang=fr"));

        assertThat(browser.count("#now tbody tr")).isGreaterThan(3);
        assertThat(browser.count("#now tbody .badge")).isEqualTo(browser.count("#now tbody tr"));
        assertThat(browser.has("#now tbody a")).isFalse();
        assertThat(browser.script("return Array.from(document.querySelectorAll('#now td.n'))"
                        + ".map(function (each) { return each.textContent; }).join('')"))
                .isEqualTo("");
    }

    @Test
    void pages_withoutScripts_areAllThere() {
        try (Browser plain = Browser.withoutScripts()) {
            logIn(plain, "administrator");
            for (Place place : places) {
                plain.go(site.open(place.path()));
                assertThat(plain.text("main h1")).as(place.path()).isNotBlank();
                assertThat(plain.isShown("[data-copy], #try-form, #try-token, #try-how"))
                        .as(place.path())
                        .isFalse();
            }
        }
    }

    /** All that the first page needs, as it comes over the wire to who has nothing of it yet. */
    @Test
    void home_isSmall_andLoadsNothingFromElsewhere() {
        for (String home : List.of(site.open("/"), site.closed("/"))) {
            try (Browser fresh = Browser.open()) {
                fresh.go(home);
                fresh.later("var done = arguments[0]; fetch(document.querySelector('link[rel=icon]').href)"
                        + ".then(function (got) { return got.text(); }).then(done);");
                List<?> loaded = (List<?>) fresh.script("return performance.getEntriesByType('navigation')"
                        + ".concat(performance.getEntriesByType('resource'))"
                        + ".map(function (each) { return each.name + ' ' + each.transferSize; });");
                long bytes = loaded.stream()
                        .mapToLong(each -> Long.parseLong(each.toString().replaceFirst(".* ", "")))
                        .sum();

                assertThat(loaded)
                        .hasSizeGreaterThan(3)
                        .allSatisfy(each -> assertThat(each.toString()).startsWith(home));
                assertThat(bytes).as("%s", loaded).isBetween(1_000L, 50_000L);
            }
        }
    }

    /** A second line tells the pages that belong together; only the page that one is on is said to be that. */
    @Test
    void navigation_isTwoLines_andSaysWhereOneIs() {
        logIn(browser, "administrator");
        browser.go(site.open("/admin/load?lang=fr"));
        assertThat(browser.text(".places")).contains("Charge", "Réglages");
        assertThat(browser.text(".top nav a[aria-current=page]")).isEqualTo("Charge");
        assertThat(browser.text(".top nav a[aria-current=true]")).isEqualTo("Serveur");
        assertThat(browser.height(".top")).isLessThan(110);

        browser.go(site.open("/admin/sources/up"));
        assertThat(browser.has("[aria-current=page]")).isFalse();
        assertThat(browser.text(".places a[aria-current=true]")).isEqualTo("Sources");
    }

    /** A token is on one page, once. What is in the picture is none. */
    @Test
    void secret_isShownOnce() throws Exception {
        site.local().done("PUT", "consumers/picture", "{\"roles\":[\"reader\"]}");
        logIn(browser, "administrator");
        browser.go(site.open("/admin/consumers/picture?lang=fr"));
        browser.type("label", "application de garde");
        browser.follow("#issue");
        String secret = browser.text("#secret");
        assertThat(secret).startsWith(BEGIN_OF_TOKENS).hasSizeGreaterThan(BEGIN_OF_TOKENS.length() + 20);
        browser.script(
                "document.getElementById('secret').textContent = arguments[0]",
                BEGIN_OF_TOKENS + "x".repeat(secret.length() - BEGIN_OF_TOKENS.length()));
        browser.assertUsable("a secret");
        if (System.getProperty("regenerate") != null) {
            browser.shoot(PICTURES.resolve("admin-consumers-secret.png"), WIDE);
        }

        browser.follow("a.button");

        assertThat(browser.source()).contains("application de garde").doesNotContain(secret);
        site.local().remove("consumers/picture");
    }

    private void shoot(Place place) throws Exception {
        if (System.getProperty("regenerate") == null || (place.path().contains("?") && !SHOWN.contains(place.path()))) {
            return;
        }
        Files.createDirectories(PICTURES);
        String name = name(place);
        browser.shoot(PICTURES.resolve(name + ".png"), WIDE);
        if (SHOWN_TWICE.contains(name)) {
            browser.shoot(PICTURES.resolve(name + "-phone.png"), PHONE);
            browser.likeDark(true);
            browser.shoot(PICTURES.resolve(name + "-dark.png"), WIDE);
            browser.likeDark(false);
        }
    }

    /** What a picture is called: of what has another name each time, by what it is. */
    private static String name(Place place) {
        return switch (place.template()) {
            case "home" -> "home";
            case "run" -> "admin-run";
            case "setup" -> "admin-setup";
            case "missing" -> "admin-resources-missing";
            case "people" -> place.path().contains("?") ? "people-found" : "people";
            case "type" -> "admin-resources-search";
            case "resource" -> place.path().endsWith("1") ? "admin-resources-version" : "admin-resources-resource";
            case "versions" -> "admin-resources-history";
            default -> place.path().substring(1).replaceAll("[^A-Za-z]+", "-");
        };
    }
}
