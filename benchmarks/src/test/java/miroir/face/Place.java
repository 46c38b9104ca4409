package miroir.face;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A page, and the template that it is made by.
 *
 * @param path with its query
 * @param picture what its picture is called; empty: as its path has it
 */
record Place(String path, String template, String picture) {
    private static final Pattern OURS = Pattern.compile("/(admin|people|parameters|reports)?(/.*)?");
    private static final Pattern NO_PAGE = Pattern.compile("/admin/(do|api|events)(/.*)?|/reports/.*\\.[a-z]+");

    Place(String path, String template) {
        this(path, template, "");
    }

    /** All of them, of a site where there is this. */
    static List<Place> all(String run, String organization) {
        return List.of(
                new Place("/", "home"),
                new Place("/admin/login", "login"),
                new Place("/admin/setup?code=x", "setup"),
                new Place("/admin/synchronisations", "synchronisations"),
                new Place("/admin/synchronisations?state=ok", "synchronisations"),
                new Place("/admin/synchronisations/up.Practitioner", "synchronisation"),
                new Place("/admin/synchronisations/new", "newSynchronisation"),
                new Place("/admin/runs/" + run, "run"),
                new Place("/admin/sources", "sources"),
                new Place("/admin/sources/up", "source"),
                new Place("/admin/sources/new", "newSource"),
                new Place("/admin/consumers", "consumers"),
                new Place("/admin/consumers/pharmacy", "consumer"),
                new Place("/admin/subscriptions", "subscriptions"),
                new Place("/admin/exports", "exports"),
                new Place("/admin/audit", "audit"),
                new Place("/admin/audit?outcome=success", "audit"),
                new Place("/admin/audit?outcome=nonsense", "audit"),
                new Place("/parameters", "parameterTypes"),
                new Place("/parameters/Practitioner", "parameters"),
                new Place("/people", "people"),
                new Place("/people?q=martin", "people"),
                new Place("/people?q=nobody-at-all", "people"),
                new Place("/admin/resources", "types"),
                new Place("/admin/resources/Organization", "type"),
                new Place("/admin/resources/Organization?q=name:contains%3Dpharmacie", "type"),
                new Place("/admin/resources/Organization?q=nonsense%3D1", "type"),
                new Place("/admin/resources/Organization/" + organization, "resource"),
                new Place("/admin/resources/Organization/" + organization + "/history", "versions"),
                new Place("/admin/resources/Organization/" + organization + "/history/1", "resource"),
                new Place(
                        "/admin/resources/" + FaceSite.CHANGED + "/history", "versions", "admin-resources-differences"),
                new Place("/admin/resources/Organization/nowhere?q=", "missing"),
                new Place("/admin/load", "load"),
                new Place("/admin/load?range=7d", "load"),
                new Place("/admin/settings", "settings"),
                new Place("/admin/account", "account"),
                new Place("/reports/quality", "raw"),
                new Place("/reports/changes", "raw"),
                new Place("/reports/mailboxes", "raw"),
                new Place("/admin/nowhere", "failure"));
    }

    /** Those that say so where there is nothing. */
    static List<Place> ofNothing() {
        return List.of(
                new Place("/admin/synchronisations", "synchronisations"),
                new Place("/admin/sources", "sources"),
                new Place("/admin/consumers", "consumers"),
                new Place("/admin/subscriptions", "subscriptions"),
                new Place("/admin/exports", "exports"),
                new Place("/admin/audit?consumer=nobody-at-all", "audit"),
                new Place("/admin/resources/Organization", "type"));
    }

    /** Which kind of page a path leads to, whatever its query and its names are; empty: none of ours, or a file. */
    static String kind(String path) {
        String plain = path.split("[?#]", 2)[0];
        if (!OURS.matcher(plain).matches() || NO_PAGE.matcher(plain).matches()) {
            return "";
        }
        String[] parts = plain.split("/", -1);
        int named = plain.startsWith("/admin") ? 3 : plain.startsWith("/parameters") ? 2 : parts.length;
        for (int i = named; i < parts.length; i++) {
            parts[i] = parts[i].matches("new|history") ? parts[i] : "*";
        }
        return String.join("/", parts);
    }

    /** What it is called where one knows it by its path. */
    String inLanguage(String language) {
        return path + (path.contains("?") ? "&" : "?") + "lang=" + language;
    }
}
