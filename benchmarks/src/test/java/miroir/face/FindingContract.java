package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** What is found: by examples, by people who look for people, and in the console. */
interface FindingContract extends Acting {
    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void examples_runInThePage(String language) {
        Words words = Words.in(language);
        browser().go(site().open("/?lang=" + language));
        browser().click("[data-try]");
        browser().await("#try-answer li");
        assertThat(browser().text("#try-answer p")).contains("ms");
        browser().type("query", "Practitioner?nonsense=1");
        browser().click("#try-form button");
        browser().awaitText("#try-answer", "nonsense");

        // Who is logged in needs no token.
        go("/", words);
        assertThat(browser().has("#token")).isFalse();
        browser().click("[data-try*='Practitioner?family']");
        browser().await("#try-answer table tbody tr");
        browser().click("[data-try^='$directory-search']");
        browser().await("#try-answer ol.people, #try-answer .notice");
        assertThat(browser().has("#try-answer ol.people"))
                .as(browser().text("#try-answer"))
                .isTrue();
        browser().type("query", "Organization?nonsense=1");
        browser().click("#try-form button");
        browser().awaitText("#try-answer .notice", "nonsense");
        assertThat(browser().url()).startsWith(site().closed("/"));
        browser().assertUsable("examples for who is logged in");
    }

    /** Neither one resource nor one without an id is "nothing", and what FHIR does not answer to a session is not asked of it. */
    @Test
    default void requests_forOneResource_areAnswered() throws Exception {
        String path = "Organization/" + site().some("Organization");
        browser().go(site().open("/?lang=fr"));
        for (String query : List.of(path, "metadata")) {
            browser().type("query", query);
            browser().click("#try-form button");
            browser().awaitText("#try-found", query.equals(path) ? path : "CapabilityStatement");
            assertThat(browser().text("#try-said")).contains("1 résultat");
        }

        browser().go(site().closed("/?lang=fr"));
        browser().type("query", path);
        browser().click("#try-form button");
        browser().await("#try-found a[href$='" + path + "']");
        browser().type("query", "metadata");
        browser().click("#try-form button");
        browser().awaitText("#try-said.notice", "Aucune page");
    }

    /** Without a script one logs in; with one a token may be typed in, which is gone with the page, also for who goes back to it. */
    @Test
    default void token_thatIsTypedIn_isGoneWithThePage() {
        Browser somebody = visitor();
        somebody.go(site().closed("/?lang=fr"));
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

    /** Who logged out in another window is told that, and not that the server is away. */
    @Test
    default void example_afterTheSessionIsOver_leadsToTheLogin() {
        Browser other = visitor();
        logIn(other, "vera", FaceSite.PASSWORD);
        other.go(site().closed("/?lang=fr"));
        other.forget();
        other.click("[data-try*='Practitioner?family']");
        other.await("#try-said a[href$='/admin/login']");
        assertThat(other.text("#try-said")).contains("terminée");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void somebody_isFoundFromTheFirstPageOn(String language) {
        Words words = Words.in(language);
        browser().go(site().open("/?lang=" + language));
        browser().type("q", "martin");
        browser().follow("[role=search] button");
        assertThat(browser().text("#understood")).contains("martin");
        assertThat(browser().text("#request")).contains("/fhir/$directory-search?name=martin");

        browser().click("#more");
        browser().type("postalcode", "00000");
        browser().follow("#look");
        assertThat(browser().text("#found"))
                .startsWith(words.say("people.none").split("\\(", 2)[0].strip());
        browser().follow("#with-errors");
        assertThat(browser().url()).contains("fuzzy=true");
        assertThat(browser().complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fr", "en"})
    default void resources_areFoundReadAndCompared(String language) {
        Words words = Words.in(language);
        go("/admin/resources", words);
        browser().follow("a[href$='/admin/resources/Organization']");
        browser().choose("parameter", browser().text("#parameter option[value=active]"));
        browser().type("value", "true");
        browser().follow("#find");
        assertThat(browser().source()).contains("active=true");
        browser().follow("#results tbody th a");
        browser().click("#show-json");
        browser().narrow(320, 1);
        assertThat(browser().overflow()).isLessThanOrEqualTo(0);
        browser().widen();
        browser().follow("#history");
        browser().follow("main h2 a");
        assertThat(browser().source()).contains(words.say("res.old").split("\\{", 2)[0]);

        go("/admin/resources/" + FaceSite.CHANGED, words);
        browser().follow("#history");
        String differences = browser().text("main");
        assertThat(differences)
                .contains(words.say("res.differencesOf", 2), words.say("res.changed"), words.say("res.created"))
                .contains("Pour essayer", "Pour la recherche", "draft", "active");
        // What stayed as it was is no difference.
        assertThat(browser().text("main table")).doesNotContain("Specialites", "Spécialités");
        assertThat(browser().complaints()).isEmpty();
    }
}
