package miroir.index.value;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A folded text from each of its words on, by which names are looked up.
 *
 * <p>Problem: 3-grams find any part of any text, and lead to all that shares the rarest three letters of what is asked for: of a hundred thousand people
 * three thousand have to be read to find the sixty of a name. People are asked for by whole words, or by how these begin.
 *
 * <p>Approach: {@code jean pierre} is stored as {@code jean pierre} and {@code pierre}, in an index. How a word begins is one stretch of it, and a whole text is one
 * of its keys, so that several hundred can be asked for at once: all that one typing error makes of a name. Everything that is found so is tested on the
 * text itself: {@code pierre} is also where {@code jean pierre} goes on.
 *
 * <p>Cost: an entry for each word, cut after forty characters. Nothing that is a name has more than a thousand words; of what has, the others are not looked up as
 * words, but its beginning is.
 */
public final class WordStarts {
    private static final int LONGEST = 40;
    private static final int MOST = 1_000;

    private WordStarts() {}

    /** What is stored for a folded text; nothing for an empty one. */
    public static List<String> of(String folded) {
        Set<String> starts = new LinkedHashSet<>();
        addAll(folded, starts);
        return new ArrayList<>(starts);
    }

    /** Adds what is stored for a folded text to what is stored for others of the same parameter. */
    public static void addAll(String folded, Set<String> starts) {
        for (int at = 0; at >= 0 && at < folded.length(); ) {
            starts.add(cut(folded, at));
            int space = starts.size() < MOST ? folded.indexOf(' ', at) : -1;
            at = space < 0 ? -1 : space + 1;
        }
    }

    /** What of a needle, or of a whole text, can be looked up. */
    public static String cut(String folded) {
        return cut(folded, 0);
    }

    /** Not within a letter. */
    private static String cut(String folded, int at) {
        int end = Math.min(folded.length(), at + LONGEST);
        boolean splits = end < folded.length() && Character.isLowSurrogate(folded.charAt(end));
        return folded.substring(at, splits ? end - 1 : end);
    }
}
