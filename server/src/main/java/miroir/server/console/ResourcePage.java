package miroir.server.console;

import java.util.List;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/**
 * A resource, or an old version of it, as people read it.
 *
 * @param version that is shown; an empty text: the current one, whichever that is
 * @param referring searches of what may refer to it
 * @param json as it is stored; null: it is too long for a page
 */
record ResourcePage(
        View view,
        ResourceKey key,
        String version,
        String headline,
        List<Fact> facts,
        ReadableResource.Shown shown,
        List<Referring> referring,
        @Nullable String json) {
    private static final int FIRST = 12;

    ResourcePage {
        facts = List.copyOf(facts);
        referring = List.copyOf(referring);
    }

    /** What of a type refers to it by that. */
    record Referring(String type, String parameter, String path) {}

    List<Referring> firstReferring() {
        return referring.subList(0, Math.min(FIRST, referring.size()));
    }

    /** Those that are not first of all of interest. */
    List<Referring> otherReferring() {
        return referring.subList(firstReferring().size(), referring.size());
    }

    boolean isOld() {
        return !version.isEmpty();
    }

    String path() {
        return ResourcePages.path(key);
    }

    /** Where programs find it. */
    String fhir() {
        return "/fhir/" + key + (isOld() ? "/_history/" + version : "") + "?_format=json&_pretty=true";
    }
}
