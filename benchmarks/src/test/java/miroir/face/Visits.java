package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Goes through all pages of a server with a browser, and holds each against what it is to be for everybody: nothing keeps anybody out as it is shown first, on a phone in the
 * dark, nor when all of it is unfolded; nothing lies beside the window on phones and at 200 %; all that can be operated is reached by the tabulator, in its order, and
 * seen to be. What is unfolded has all that a page has, so that what is measured and walked is measured and walked once.
 */
final class Visits {
    private static final int WIDE = 1280;
    private static final int SMALL_PHONE = 320;

    /** Templates of pages that say that there is no such page, or resource. */
    private static final Set<String> OF_NOTHING = Set.of("failure", "missing");

    private final Browser browser;
    private final UnaryOperator<String> server;
    private final String name;
    private final List<String> languages;
    private final Set<String> links = new TreeSet<>();
    private final Map<String, List<?>> outlines = new HashMap<>();

    Visits(Browser browser, UnaryOperator<String> server, String name, List<String> languages) {
        this.browser = browser;
        this.server = server;
        this.name = name;
        this.languages = languages;
    }

    /** Where the pages led. */
    Set<String> links() {
        return links;
    }

    /** What the page had, in the language that it was looked at in last. */
    List<?> outline(Place place) {
        return outlines.computeIfAbsent(place.path(), path -> {
            browser.go(url(place));
            return browser.outline();
        });
    }

    /** The page in that language. */
    String url(Place place) {
        return server.apply(place.inLanguage(languages.get(languages.size() - 1)));
    }

    void lookAt(List<Place> places, boolean isShot) throws IOException {
        for (Place place : places) {
            for (String language : languages) {
                browser.go(server.apply(place.inLanguage(language)));
                assertIsThere(browser, place, name);
                if (isShot && language.equals("fr")) {
                    Pictures.shoot(browser, place);
                    browser.go(server.apply(place.inLanguage(language)));
                }
                assertForEverybody(language + " " + place.path());
            }
            outlines.put(place.path(), browser.outline());
            links.addAll(browser.links());
            assertThat(browser.complaints()).as(place.path()).isEmpty();
        }
    }

    /** What is looked at is the page that was asked for, and not the one that says that there is none. */
    static void assertIsThere(Browser browser, Place place, String server) {
        assertThat(browser.status())
                .as(server + ": " + place.path())
                .isLessThan(500)
                .matches(status -> (status == 404) == OF_NOTHING.contains(place.template()));
    }

    /** Of the page that is shown now. */
    void assertForEverybody(String what) {
        String where = name + ": " + what;
        browser.assertUsableAtNight(where);
        if (browser.unfold()) {
            browser.assertUsable("unfolded, " + where);
            browser.assertReadableAtNight("unfolded, " + where);
        } else {
            browser.assertReadable(where);
        }
        assertFits(where);
        assertThat(browser.walk()).as("by keyboard: " + where).isEmpty();
    }

    private void assertFits(String what) {
        for (int width : new int[] {WIDE / 2, SMALL_PHONE}) {
            browser.narrow(width, width == WIDE / 2 ? 2 : 1);
            long overflow = browser.overflow();
            browser.widen();
            assertThat(overflow).as("%s, %d wide", what, width).isLessThanOrEqualTo(0);
        }
    }

    /** A form that was refused is shown again, with what was typed and why not, on its page or on one that looks like it. */
    void refuse(String path, String opened, Map<String, String> typed, String button) {
        for (String language : languages) {
            browser.go(server.apply(path + "?lang=" + language));
            if (!opened.isEmpty()) {
                browser.click(opened);
            }
            typed.forEach(browser::type);
            browser.follow(button);
            String what = language + " " + path + ", refused";
            assertThat(browser.has("[role=alert]")).as(what).isTrue();
            typed.forEach((field, value) ->
                    assertThat(browser.value(field)).as(what + ", " + field).isEqualTo(value));
            assertForEverybody(what);
        }
    }
}
