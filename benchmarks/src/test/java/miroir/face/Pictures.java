package miroir.face;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The pictures in docs/ui, which are made anew with {@code -Dregenerate}. */
final class Pictures {
    private static final Path FOLDER =
            Path.of(System.getProperty("miroir.root")).resolve("docs/ui");
    private static final int WIDE = 1280;

    /** Those that are shown in the dark, and on a phone, as well. */
    private static final Set<String> SHOWN_TWICE =
            Set.of("home", "admin-synchronisations", "admin-synchronisations-up-Practitioner", "admin-load", "people");

    /** Of those with a query. */
    private static final Set<String> SHOWN =
            Set.of("/admin/setup?code=x", "/people?q=martin", "/admin/resources/Organization/nowhere?q=");

    private Pictures() {}

    private static boolean areMade() {
        return System.getProperty("regenerate") != null;
    }

    /** Of the page that is shown now. */
    static void shoot(Browser browser, String name) throws IOException {
        if (areMade()) {
            Files.createDirectories(FOLDER);
            browser.shoot(FOLDER.resolve(name + ".png"), WIDE);
        }
    }

    static void shoot(Browser browser, Place place) throws IOException {
        if (!areMade() || (place.path().contains("?") && !SHOWN.contains(place.path()))) {
            return;
        }
        String name = name(place);
        shoot(browser, name);
        if (SHOWN_TWICE.contains(name)) {
            browser.shoot(FOLDER.resolve(name + "-phone.png"), Browser.PHONE);
            browser.likeDark(true);
            browser.shoot(FOLDER.resolve(name + "-dark.png"), WIDE);
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
