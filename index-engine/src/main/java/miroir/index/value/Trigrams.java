package miroir.index.value;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The 3-grams by which stores find text.
 *
 * <p>Problem: a prefix and a {@code :contains} needle must both be answered in order of position, at a cost that does not
 * depend on how many texts match. An index on the folded text cannot: a prefix is a range, and a range loses the order.
 *
 * <p>Approach: every text is stored as the set of 3-grams of {@code ^} + folded text, where {@code ^} marks the start, and
 * of {@code ^} + first letter for needles of one letter. {@code marie} is {@code ^m ^ma mar ari rie}. A prefix or infix
 * then asks for equality with one of its own grams, the rarest, and tests the folded text after that. A needle whose text
 * contains {@code ^} itself can only find too many candidates, never too few.
 *
 * <p>Letters are code points, so that no gram is half of a surrogate pair, which no database would store.
 */
public final class Trigrams {
    private static final char START = '^';

    private Trigrams() {}

    /** What is stored for a folded text; nothing for an empty one. */
    public static List<String> of(String folded) {
        Set<String> grams = new LinkedHashSet<>();
        addAll(folded, grams);
        return new ArrayList<>(grams);
    }

    /** Adds what is stored for a folded text to what is stored for others of the same parameter. */
    public static void addAll(String folded, Set<String> grams) {
        if (!folded.isEmpty()) {
            grams.add(START + folded.substring(0, folded.offsetByCodePoints(0, 1)));
            addWindows(START + folded, grams);
        }
    }

    /** The grams that every text starting with this needle has, anchored first: one or more unless it is empty. */
    public static List<String> ofPrefix(String folded) {
        if (folded.isEmpty()) {
            return List.of();
        }
        Set<String> grams = new LinkedHashSet<>();
        addWindows(START + folded, grams);
        return grams.isEmpty() ? List.of(START + folded) : new ArrayList<>(grams);
    }

    /** The grams that every text containing this needle has; none for a needle of one or two letters. */
    public static List<String> ofInfix(String folded) {
        Set<String> grams = new LinkedHashSet<>();
        addWindows(folded, grams);
        return new ArrayList<>(grams);
    }

    private static void addWindows(String text, Set<String> grams) {
        int length = text.length();
        int start = 0;
        int end = Character.charCount(firstOf(text));
        for (int letters = 1; letters < 3; letters++) {
            if (end >= length) {
                return;
            }
            end += Character.charCount(text.codePointAt(end));
        }
        grams.add(text.substring(start, end));
        while (end < length) {
            start += Character.charCount(text.codePointAt(start));
            end += Character.charCount(text.codePointAt(end));
            grams.add(text.substring(start, end));
        }
    }

    private static int firstOf(String text) {
        return text.isEmpty() ? START : text.codePointAt(0);
    }
}
