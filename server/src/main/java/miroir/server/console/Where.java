package miroir.server.console;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one can go, in sections, and where one is. */
final class Where {
    private final String here;
    private final List<Section> sections = new ArrayList<>();

    /** @param here path and query of the page that one is on */
    Where(String here) {
        // A run is one of a synchronisation.
        this.here = here.replaceFirst("^/admin/runs/", "/admin/synchronisations/");
    }

    /**
     * A page that all pages of its section lead to.
     *
     * @param isHere whether it is this one, or one below it
     * @param isExactly whether it is this one
     */
    record Place(String path, String key, boolean isHere, boolean isExactly) {
        /** How a link to it says so, to who does not see it; null: it does not. */
        @Nullable
        String current() {
            return isExactly ? "page" : isHere ? "true" : null;
        }
    }

    /**
     * Pages that belong together, of which one shows the way to the others.
     *
     * @param key of what they are called
     */
    record Section(String key, List<Place> places) {
        boolean isHere() {
            return places.stream().anyMatch(Place::isHere);
        }

        /** One goes to the first of them. */
        String path() {
            return places.get(0).path();
        }
    }

    /** What is added now is of that section. */
    Where begin(String key) {
        sections.add(new Section(key, new ArrayList<>()));
        return this;
    }

    Where add(boolean isThere, String path, String key) {
        if (isThere) {
            boolean isExactly = here.equals(path) || here.startsWith(path + "?");
            boolean isHere = isExactly || here.startsWith(path + "/");
            sections.get(sections.size() - 1).places().add(new Place(path, key, isHere, isExactly));
        }
        return this;
    }

    /** Those of which there is a page. */
    List<Section> sections() {
        return sections.stream().filter(each -> !each.places().isEmpty()).toList();
    }
}
