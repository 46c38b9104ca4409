package miroir.server.directory;

import java.util.LinkedHashSet;
import java.util.Set;

/** One typing error: a letter that is missing, too many or another one, or two neighbours that changed places. */
final class OneError {
    /** What folded names consist of. */
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz '";

    private OneError() {}

    /** Whether that is what tells two texts apart; they are not the same. */
    static boolean separates(String one, String other) {
        if (one.length() > other.length()) {
            return separates(other, one);
        }
        int longer = other.length() - one.length();
        if (longer > 1 || one.equals(other)) {
            return false;
        }
        int start = 0;
        while (start < one.length() && one.charAt(start) == other.charAt(start)) {
            start++;
        }
        return longer == 1
                ? sameFrom(one, start, other, start + 1)
                : sameFrom(one, start + 1, other, start + 1) || areSwapped(one, other, start);
    }

    private static boolean areSwapped(String one, String other, int at) {
        return at + 1 < one.length()
                && one.charAt(at) == other.charAt(at + 1)
                && one.charAt(at + 1) == other.charAt(at)
                && sameFrom(one, at + 2, other, at + 2);
    }

    private static boolean sameFrom(String one, int at, String other, int there) {
        return one.length() - at == other.length() - there && one.regionMatches(at, other, there, one.length() - at);
    }

    /** Everything that one error makes of a folded text, some sixty times its length. */
    static Set<String> around(String text) {
        Set<String> around = new LinkedHashSet<>();
        for (int at = 0; at <= text.length(); at++) {
            String before = text.substring(0, at);
            String after = text.substring(at);
            for (int letter = 0; letter < LETTERS.length(); letter++) {
                around.add(before + LETTERS.charAt(letter) + after);
                if (!after.isEmpty()) {
                    around.add(before + LETTERS.charAt(letter) + after.substring(1));
                }
            }
            if (!after.isEmpty()) {
                around.add(before + after.substring(1));
            }
            if (after.length() > 1) {
                around.add(before + after.charAt(1) + after.charAt(0) + after.substring(2));
            }
        }
        around.remove(text);
        around.removeIf(each -> !each.equals(each.strip()));
        return around;
    }
}
