package miroir.index.search;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses what somebody meant to write. */
final class NearestName {
    private NearestName() {}

    /** The name that needs the fewest changes, null where all are too far: more than a third of the letters. */
    static @Nullable String of(String written, Collection<String> names) {
        String nearest = null;
        int fewest = Math.max(1, written.length() / 3) + 1;
        for (String name : names) {
            int changes = written.length() > 64 ? fewest : changes(written, name);
            if (changes < fewest) {
                fewest = changes;
                nearest = name;
            }
        }
        return nearest;
    }

    /** Levenshtein's distance, case and a leading underscore apart. */
    private static int changes(String written, String name) {
        String a = plain(written);
        String b = plain(name);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(diagonal, row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("_") ? lower.substring(1) : lower;
    }
}
