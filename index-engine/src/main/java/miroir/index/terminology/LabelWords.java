package miroir.index.terminology;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import miroir.index.value.FoldedText;

/**
 * The words of a label, or of what somebody calls it, as they are compared: folded, and without those that say nothing.
 *
 * <p>A French profession and what it practises have one stem and two endings: <i>cardiologue</i> and <i>cardiologie</i>, <i>psychiatre</i> and
 * <i>psychiatrie</i>, <i>infirmière</i> and <i>infirmier</i>. What is left of a word without the longest ending that it has is its stem; five letters
 * have to be left, so that short words stay what they are.
 */
record LabelWords(List<String> words) {
    private static final int SHORTEST_STEM = 5;

    private static final Set<String> EMPTY =
            Set.of("de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "a", "au", "aux");

    /** The longest first. */
    private static final List<String> ENDINGS = List.of(
            "icales", "iennes", "icale", "icaux", "ienne", "ieres", "ical", "istes", "iques", "iens", "iere", "iers",
            "ices", "ique", "iste", "euses", "euse", "eurs", "ien", "ier", "ies", "ues", "eur", "ice", "es", "ie", "ue",
            "e", "s");

    LabelWords {
        words = List.copyOf(words);
    }

    static LabelWords of(String text) {
        List<String> all = Arrays.stream(FoldedText.fold(text).split("[^\\p{L}\\p{N}]+", -1))
                .filter(word -> !word.isEmpty())
                .map(LabelWords::singular)
                .distinct()
                .toList();
        List<String> telling =
                all.stream().filter(word -> !EMPTY.contains(word)).toList();
        return new LabelWords(telling.isEmpty() ? all : telling);
    }

    /** Whether a label has all of them. */
    boolean areIn(LabelWords label) {
        return !words.isEmpty() && label.words.containsAll(words);
    }

    /** Whether it has a word for each that begins with it, or that differs by its ending only. */
    boolean areLike(LabelWords label) {
        return !words.isEmpty()
                && words.stream()
                        .allMatch(word -> label.words.stream()
                                .anyMatch(other ->
                                        other.startsWith(word) || stem(other).equals(stem(word))));
    }

    /** Several are what one is. */
    private static String singular(String word) {
        boolean isOfSeveral = word.length() > 4 && (word.endsWith("s") || word.endsWith("x"));
        return isOfSeveral ? word.substring(0, word.length() - 1) : word;
    }

    private static String stem(String word) {
        return ENDINGS.stream()
                .filter(ending -> word.endsWith(ending) && word.length() - ending.length() >= SHORTEST_STEM)
                .map(ending -> word.substring(0, word.length() - ending.length()))
                .findFirst()
                .orElse(word);
    }
}
