package miroir.server.console;

import java.util.List;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;

/**
 * The first page.
 *
 * @param state how the server is, and what it has
 * @param base its FHIR base
 * @param hasReports whether there are pages about the directory as a whole
 */
record HomeView(View view, HomeState state, String base, List<Example> examples, boolean hasReports) {
    HomeView {
        examples = List.copyOf(examples);
    }

    /** Whether examples are answered by our pages, as who is logged in may see them: FHIR itself takes no session of a browser. */
    boolean isByPages() {
        return !view.isOpen() && view.isLoggedIn();
    }

    /** Whether who looks has to say a token before anything is answered. */
    boolean needsToken() {
        return !view.isOpen() && !view.isLoggedIn();
    }

    /** Where one logs in. */
    String login() {
        return view.url("/admin/login");
    }

    /** What the script runs in the page when the example is chosen; null: nothing, it is a link. */
    @Nullable
    String tried(Example example) {
        return isByPages() && !isShownByAPage(example) ? null : example.query();
    }

    /** Whether a page of ours answers it: a search of a type, or of people. */
    private static boolean isShownByAPage(Example example) {
        return example.query().matches("([A-Z][A-Za-z]*|\\$directory-search)\\?.*");
    }

    /** The key of how one tries. */
    String how() {
        return view.isOpen() ? "home.tryHow" : view.isLoggedIn() ? "home.trySession" : "home.tryToken";
    }

    /** Where an example is answered; a search of people has a page of its own. */
    String path(Example example) {
        String[] parts = example.query().split("\\?", 2);
        if (parts.length == 2 && !parts[0].startsWith("$")) {
            return view.search(parts[0], parts[1]);
        }
        if (!view.isOpen()) {
            // What programs call a name is what people type.
            return view.url(
                    parts.length == 2
                            ? Router.PEOPLE + "?" + parts[1].replaceFirst("(^|&)name=", "$1q=")
                            : Router.PARAMETERS);
        }
        return view.url("/fhir/" + example.query() + (parts.length == 2 ? "&" : "?") + "_format=json&_pretty=true");
    }

    /**
     * Something to try.
     *
     * @param query below the FHIR base
     * @param key of what it asks
     */
    record Example(String query, String key) {}
}
