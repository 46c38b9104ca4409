package miroir.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pictures of docs/ui, which are made anew with {@code -Dregenerate}, in the folder {@code miroir.pictures}: {@code ./miroir pictures} puts them where they belong once all
 * are made. What is another one each time, such as the hour, is the same in all of them, so that a picture is different where a page is.
 */
final class Pictures {
    /** Of a token, which is shown once. */
    static final String SECRET = "admin-consumers-secret";

    /** Of what changed from day to day: where none is found, days are written in another way than the one that is looked for. */
    private static final String OF_DAYS = "reports-changes";

    private static final int WIDE = 1280;

    /** Those that are shown in the dark, and on a phone, as well. */
    private static final Set<String> SHOWN_TWICE =
            Set.of("home", "admin-synchronisations", "admin-synchronisations-up-Practitioner", "admin-load", "people");

    /** Of those with a query. */
    private static final Set<String> SHOWN =
            Set.of("/admin/setup?code=x", "/people?q=martin", "/admin/resources/Organization/nowhere?q=");

    private static final Set<String> MADE = ConcurrentHashMap.newKeySet();

    private Pictures() {}

    private static boolean areMade() {
        return System.getProperty("regenerate") != null;
    }

    private static Path file(String name) throws IOException {
        if (!MADE.add(name)) {
            throw new IllegalStateException("two pages have the picture " + name);
        }
        Path folder = Path.of(Objects.requireNonNull(System.getProperty("miroir.pictures"), "miroir.pictures"));
        return Files.createDirectories(folder).resolve(name + ".png");
    }

    /** Of the page that is shown now, which does not stay as things are any more. */
    static void shoot(Browser browser, String name) throws IOException {
        if (areMade()) {
            Object days = browser.script(PageScripts.STILL);
            if (name.equals(OF_DAYS)) {
                assertThat(days).as("days that are shown as others").isNotEqualTo(0L);
            }
            browser.shoot(file(name), WIDE);
        }
    }

    static void shoot(Browser browser, Place place) throws IOException {
        if (!areMade() || !isShown(place)) {
            return;
        }
        String name = name(place);
        if (!place.picture().isEmpty()) {
            browser.script(PageScripts.OPEN_WHAT_IS_ASKED);
        }
        shoot(browser, name);
        if (isShownTwice(place)) {
            browser.shoot(file(name + "-phone"), Browser.PHONE);
            browser.likeDark(true);
            browser.shoot(file(name + "-dark"), WIDE);
            browser.likeDark(false);
        }
    }

    private static boolean isShown(Place place) {
        return !place.picture().isEmpty() || !place.path().contains("?") || SHOWN.contains(place.path());
    }

    private static boolean isShownTwice(Place place) {
        return !place.picture().isEmpty() || SHOWN_TWICE.contains(name(place));
    }

    /** Where they are made: there is one of each of these places, and of what a form shows once. */
    static void assertAllAreMade(List<Place> places) {
        if (areMade()) {
            Set<String> wanted = new TreeSet<>(Set.of(SECRET));
            places.stream().filter(Pictures::isShown).forEach(place -> {
                wanted.add(name(place));
                if (isShownTwice(place)) {
                    wanted.addAll(List.of(name(place) + "-phone", name(place) + "-dark"));
                }
            });
            assertThat(new TreeSet<>(MADE)).isEqualTo(wanted);
        }
    }

    /** What a picture is called: of what has another name each time, by what it is. */
    private static String name(Place place) {
        if (!place.picture().isEmpty()) {
            return place.picture();
        }
        return switch (place.template()) {
            case "home" -> "home";
            case "run" -> "admin-run";
            case "setup" -> "admin-setup";
            case "missing" -> "admin-resources-missing";
            case "people" -> place.path().contains("?") ? "people-found" : "people";
            case "type" -> "admin-resources-search";
            case "resource" ->
                place.path().contains("/history/") ? "admin-resources-version" : "admin-resources-resource";
            case "versions" -> "admin-resources-history";
            default -> place.path().substring(1).replaceAll("[^A-Za-z]+", "-");
        };
    }
}
