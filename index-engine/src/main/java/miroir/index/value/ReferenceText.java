package miroir.index.value;

import java.util.Set;
import miroir.index.structure.Structures;
import org.jspecify.annotations.Nullable;

/**
 * What the text of a reference says.
 *
 * @param text the reference as it is stored and searched: {@code Type/id} of a local one, whole of a foreign one, without
 *     {@code /_history/…} in either case
 * @param type the resource type that it names, or null where it names none ({@code urn:}, {@code #id})
 * @param id the id of a local reference, or null
 */
public record ReferenceText(
        String text, @Nullable String type, @Nullable String id) {
    private static final String HISTORY = "/_history/";

    /** Reads a reference; one that starts with one of our own bases (without a slash at the end) is local. */
    public static ReferenceText of(String reference, Set<String> ownBases) {
        String text = withoutVersion(withoutOwnBase(reference, ownBases));
        int slash = text.lastIndexOf('/');
        if (slash <= 0 || slash == text.length() - 1 || text.startsWith("urn:")) {
            return new ReferenceText(text, null, null);
        }
        int start = text.lastIndexOf('/', slash - 1) + 1;
        String type = text.substring(start, slash);
        if (!Structures.r4().resourceTypes().contains(type)) {
            return new ReferenceText(text, null, null);
        }
        return new ReferenceText(text, type, start == 0 ? text.substring(slash + 1) : null);
    }

    private static String withoutOwnBase(String reference, Set<String> ownBases) {
        for (String base : ownBases) {
            if (reference.length() > base.length()
                    && reference.charAt(base.length()) == '/'
                    && reference.startsWith(base)) {
                return reference.substring(base.length() + 1);
            }
        }
        return reference;
    }

    private static String withoutVersion(String reference) {
        int version = reference.lastIndexOf(HISTORY);
        return version < 0 ? reference : reference.substring(0, version);
    }
}
