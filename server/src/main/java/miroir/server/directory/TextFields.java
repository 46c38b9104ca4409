package miroir.server.directory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;

/**
 * What is asked of a string parameter, in terms that the store has indexes for.
 *
 * <p>Problem: a word stands anywhere in a name, and may have one typing error, which no index knows.
 *
 * <p>Approach: how a word begins is looked up ({@link miroir.index.value.WordStarts}). All that one error can make of a word, some sixty times its
 * length, is looked up as a list of values. So the database gives what is meant and nothing else, and pages of it need no second look.
 * A parameter that is not sorted by has no such index, and only 3-grams: there the half of the word leads that is right, wherever the error is.
 *
 * <p>Cost: a list of some hundred values goes with the query. Words of three letters have too many neighbours, so they have to be right.
 *
 * <p>Why not a field with the words without one letter each (deletion neighbourhoods), which needs no such list: ten keys more for
 * each name, written at every update, for a question that is asked now and then.
 */
final class TextFields {
    /** Both halves of a shorter word are too short to lead to few. */
    private static final int SHORTEST_WITH_ERROR = 4;

    private static final int LONGEST_WITH_ERROR = 24;

    private final String base;
    private final boolean hasWords;

    TextFields(SearchParameter parameter) {
        this.base = parameter.field("");
        this.hasWords = parameter.indexed() && parameter.sortable();
    }

    /** The text begins with this, or a word in it does; one letter begins the text, or everybody would have it. */
    Condition hasWord(String word) {
        return word.length() == 1 ? begins(word) : new Condition.Word(base, word);
    }

    /** The same for a word however it is spelled. */
    Condition hasWord(AskedName.Word word) {
        if (word.spellings().isEmpty()) {
            return hasWord(word.text());
        }
        List<Condition> ways = new ArrayList<>(List.of(hasWord(word.text())));
        word.spellings().forEach(spelling -> ways.add(begins(spelling)));
        return new Condition.Or(ways);
    }

    /** All the words, whatever their order. */
    Condition hasWords(List<AskedName.Word> words) {
        return all(words.stream().map(this::hasWord).toList());
    }

    /** The text begins with this. */
    Condition begins(String folded) {
        return new Condition.Text(base, folded, false);
    }

    /** It has this anywhere. */
    Condition has(String folded) {
        return new Condition.Text(base, folded, true);
    }

    /** One of the texts is one of these. */
    Condition is(List<String> folded) {
        return Condition.In.texts(base + "-i", folded);
    }

    /** Whether a word is long enough for that. */
    static boolean mayHaveError(AskedName.Word word) {
        return word.wholes().stream().anyMatch(TextFields::mayHaveError);
    }

    /** All that one error makes of a text is asked for, and half of a letter is none. */
    private static boolean mayHaveError(String text) {
        return text.length() >= SHORTEST_WITH_ERROR
                && text.length() <= LONGEST_WITH_ERROR
                && text.chars().noneMatch(letter -> Character.isSurrogate((char) letter));
    }

    /** One of the texts is one of these but for one error; never where all are too short for that. */
    Condition isNearly(List<String> folded) {
        List<String> texts = folded.stream().filter(TextFields::mayHaveError).toList();
        if (texts.isEmpty()) {
            return Condition.none();
        }
        Set<String> meant = new LinkedHashSet<>();
        texts.forEach(text -> meant.addAll(OneError.around(text)));
        Condition isOne = is(List.copyOf(meant));
        if (hasWords) {
            return isOne;
        }
        List<Condition> leading =
                texts.stream().flatMap(text -> halves(text).stream()).toList();
        return new Condition.And(List.of(new Condition.Or(leading), isOne));
    }

    /** Of which at least one is right, whatever the error. */
    private List<Condition> halves(String text) {
        int length = text.length();
        if (length == SHORTEST_WITH_ERROR) {
            String swapped = "" + text.charAt(1) + text.charAt(0) + text.substring(2);
            return List.of(begins(text.substring(0, 1)), has(text.substring(1)), begins(swapped));
        }
        // Neighbours may be swapped across the middle, so the halves leave out a letter between them.
        int middle = Math.min((length + 1) / 2, length - 3);
        return List.of(begins(text.substring(0, middle - 1)), has(text.substring(middle)));
    }

    static Condition all(List<Condition> parts) {
        return parts.size() == 1 ? parts.get(0) : new Condition.And(parts);
    }
}
