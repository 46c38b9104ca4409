package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.server.access.AdministratorRole;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every page in a browser, as each may see it. {@code -Dregenerate} makes the pictures in docs/ui anew. What people do there is in {@link FaceActionsIT}.
 */
@Tag("long")
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FaceIT {
    /** What pages have is remembered in the second one. */
    private static final List<String> BOTH = List.of("en", "fr");

    /** Each server in both languages, as {@code ./miroir pictures} has it; otherwise each page is looked at in both, one on each server. */
    private static final boolean EVERY = Boolean.getBoolean("miroir.face.every");

    private static final String BEGIN_OF_TOKENS = "miroir_";

    private FaceSite site;
    private Browser browser;
    private Browser second;
    private Visits open;
    private Visits closed;
    private List<Place> places;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        Browser.require();
        site = FaceSite.start(database);
        site.awaitReport();
        browser = Browser.open();
        second = Browser.open();
        open = new Visits(browser, site::open, "open", EVERY ? BOTH : List.of("fr"));
        closed = new Visits(second, site::closed, "with tokens", EVERY ? BOTH : List.of("en"));
        places = Place.all(site.run("up/Practitioner"), site.some("Organization"));
    }

    @AfterAll
    void stop() throws Exception {
        Acting.close(second, browser, site);
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
        try (Stream<Path> files = Files.list(FaceSite.ROOT.resolve("server/src/main/jte"))) {
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

    /** On the server that is open, and on the one where reading takes a token, whose pages lead elsewhere and say other things; each by a browser of its own. First: what pages have is remembered. */
    @Test
    @Order(1)
    void pages_inBothLanguages_areUsableByAll() throws Exception {
        logIn(browser, "administrator");
        logIn(second, "administrator");
        beside(() -> lookAt(closed, false), () -> lookAt(open, true));
        assertThat(closed.links()).noneMatch(link -> link.startsWith("/fhir"));
        assertAllAreVisited(open.links());
        assertAllAreVisited(closed.links());
    }

    /** Both, each to its end: nobody goes on with a browser that a later test has. */
    private static void beside(Callable<?> one, Callable<?> other) throws Exception {
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> begun = List.of(both.submit(one), both.submit(other));
            Exception failed = null;
            for (Future<?> each : begun) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    if (failed == null) {
                        failed = e;
                    } else {
                        failed.addSuppressed(e);
                    }
                }
            }
            if (failed != null) {
                throw failed;
            }
        } finally {
            both.shutdownNow();
        }
    }

    private @Nullable Object lookAt(Visits visits, boolean isShot) throws IOException {
        visits.lookAt(places, isShot);
        visits.refuse("/admin/sources/new", "", Map.of("name", "x", "url", "not an address"), "#save");
        visits.refuse("/admin/consumers", "#new-consumer", Map.of("name", "Not A Name"), "#make-consumer");
        visits.refuse(
                "/admin/settings", "", Map.of("value-search-maximumIncluded", "many"), "#save-search-maximumIncluded");
        return null;
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

    /** Lists of which nothing is there yet, on a server that nobody has used. */
    @Test
    void pages_ofAServerThatHasNothing_areUsable(TestDatabase database) throws Exception {
        TestDatabase other = new TestDatabase(database.uri(), database.name() + "_empty");
        try (TestServer empty = FaceSite.empty(other)) {
            AdminClient.local(empty)
                    .done(
                            "POST",
                            "administrators",
                            "{\"name\":\"ada\",\"role\":\"administrator\",\"password\":\"" + FaceSite.PASSWORD + "\"}");
            browser.forget();
            browser.go(empty.uri("/admin/login").toString());
            browser.type("name", "ada");
            browser.type("password", FaceSite.PASSWORD);
            browser.follow("form.stack button");
            new Visits(browser, path -> empty.uri(path).toString(), "empty", EVERY ? BOTH : List.of("fr"))
                    .lookAt(Place.ofNothing(), false);
        }
    }

    /** What somebody may not do is not offered to him, nor is a page that he may not see. */
    @Test
    void pages_forEachRole_offerWhatItMay() throws Exception {
        beside(
                () -> assertOffersWhatItMay(second, AdministratorRole.VIEWER),
                () -> assertOffersWhatItMay(browser, AdministratorRole.OPERATOR));
    }

    private @Nullable Object assertOffersWhatItMay(Browser who, AdministratorRole role) {
        logIn(who, role.word());
        Set<String> links = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        for (Place place : places) {
            who.go(site.closed(place.path()));
            Visits.assertIsThere(who, place, role.word());
            assertThat(who.complaints()).as(place.path()).isEmpty();
            assertThat(who.asked()).as("%s: %s", role, place.path()).allMatch(route -> role.isAtLeast(route.needed()));
            if (who.status() == 403) {
                refused.add(Place.kind(place.path()));
            } else {
                links.addAll(who.links());
            }
        }
        assertThat(refused).as(role.word()).hasSize(role == AdministratorRole.VIEWER ? 1 : 0);
        assertThat(links).as(role.word()).noneMatch(link -> refused.contains(Place.kind(link)));
        return null;
    }

    /** Who is not logged in is led to the login, or reads what is for all. */
    @Test
    void pages_ofNobody_areUsable() throws IOException {
        browser.forget();
        List<Place> ofNobody = Stream.of("/", "/people?q=martin", "/parameters", "/admin/login", "/admin/load")
                .map(path -> new Place(path, ""))
                .toList();
        new Visits(browser, site::closed, "nobody", BOTH).lookAt(ofNobody, false);
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

    /** All that a page has with scripts it has without, but for what only scripts can do; on both servers. */
    @Test
    void pages_withoutScripts_areAllThere() throws Exception {
        logIn(browser, "administrator");
        logIn(second, "administrator");
        beside(() -> assertAreThereWithoutScripts(closed), () -> assertAreThereWithoutScripts(open));
    }

    private @Nullable Object assertAreThereWithoutScripts(Visits visits) {
        try (Browser plain = Browser.withoutScripts()) {
            logIn(plain, "administrator");
            for (Place place : places) {
                assertIsThere(plain, place, visits.url(place), visits.outline(place));
            }
        }
        return null;
    }

    private static void assertIsThere(Browser plain, Place place, String url, List<?> outline) {
        plain.go(url);
        assertThat(plain.outline()).as(url).isNotEmpty().isEqualTo(outline);
        assertThat(plain.text("main").length())
                .as(url)
                .isGreaterThan(plain.text("main h1").length() + 20);
        assertThat(plain.isShown("[data-copy], #try-form, #try-token, #try-how"))
                .as(place.path())
                .isFalse();
    }

    /** What goes wrong is looked at where it does, as all else is; last, since it stays. */
    @Test
    @Order(Integer.MAX_VALUE)
    void troubles_areShown_andUsableByAll() throws Exception {
        logIn(browser, "administrator");
        logIn(second, "administrator");
        try (Troubles troubles = Troubles.make(site)) {
            browser.go(site.open("/?lang=fr"));
            browser.await("#now tbody .badge.warn");
            List<Place> told = troubles.places();
            beside(
                    () -> {
                        closed.lookAt(told, false);
                        return told;
                    },
                    () -> {
                        open.lookAt(told, true);
                        return told;
                    });
            assertAreTold();
            Pictures.assertAllAreMade(
                    Stream.concat(places.stream(), told.stream()).toList());
        }
    }

    /** Each where people look for it. */
    private void assertAreTold() {
        browser.go(site.open("/admin/synchronisations?state=ko&lang=fr"));
        assertThat(browser.count("#all-synchronisations .badge.bad")).isEqualTo(3);
        assertThat(browser.count("#all-synchronisations .badge.warn")).isEqualTo(1);
        browser.go(site.open("/admin/runs/" + site.run(Troubles.REJECTED) + "?lang=fr"));
        assertThat(browser.count("#rejected details")).isEqualTo(10);
        // All of them for one reason, which is said once.
        assertThat(browser.count("#rejected h3")).isOne();
        assertThat(browser.has("#next")).isTrue();
        browser.go(site.open("/admin/runs/" + site.run(Troubles.FAILED) + "?lang=fr"));
        assertThat(browser.text("main .big .badge")).contains("En échec");
        assertThat(browser.text("#log")).contains("502");
        assertThat(browser.text("#why")).contains("pas quand les ressources elles-mêmes sont demandées", "erreur 502");
        browser.go(site.open("/admin/synchronisations/" + Troubles.HELD.replace('/', '.') + "?lang=fr"));
        assertThat(browser.text("#why")).contains("ne sont plus dans la source", "Confirmer ou non");
        browser.go(site.open("/admin/synchronisations/" + Troubles.REJECTED.replace('/', '.') + "?lang=fr"));
        assertThat(browser.text("#why")).contains("n’ont pas pu être enregistrées", "Ressources rejetées");
        browser.go(site.open("/admin/sources?lang=fr"));
        assertThat(browser.text("#row-regional")).contains("exige une clé (erreur 401)", "En échec");
        assertThat(browser.text("#confirm-up")).isEqualTo("1 synchronisation à confirmer");
        // What the chip counts above is all that is listed here.
        assertThat(browser.text("#failing-up summary")).isEqualTo("2 synchronisations en échec");
        assertThat(browser.count("#failing-up li a")).isEqualTo(2);
        browser.go(site.open("/admin/subscriptions?lang=fr"));
        assertThat(browser.count("#all-subscriptions .badge.bad")).isEqualTo(1);
        browser.go(site.open("/?lang=fr"));
        for (String type : List.of("Organization", "PractitionerRole", "Device", "HealthcareService")) {
            browser.await("#row-" + type + " .badge.warn");
        }
        browser.awaitText("#now .big", "4 copies ne sont pas à jour");
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
                // What the stream tells at first: as long as it is open the browser does not say how much that was.
                long told = ((Number) fresh.later("var done = arguments[0]; fetch('/events?of=home&once=1')"
                                + ".then(function (got) { return got.text(); })"
                                + ".then(function (text) { done(text.length); });"))
                        .longValue();
                long bytes = told
                        + loaded.stream()
                                .mapToLong(
                                        each -> Long.parseLong(each.toString().replaceFirst(".* ", "")))
                                .sum();

                assertThat(loaded)
                        .hasSizeGreaterThan(3)
                        .allSatisfy(each -> assertThat(each.toString()).startsWith(home));
                assertThat(told).isGreaterThan(500);
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
        Pictures.shoot(browser, Pictures.SECRET);
        open.assertForEverybody("a secret");

        browser.follow("a.button");

        assertThat(browser.source()).contains("application de garde").doesNotContain(secret);
        site.local().remove("consumers/picture");
    }
}
