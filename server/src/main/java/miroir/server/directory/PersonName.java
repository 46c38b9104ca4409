package miroir.server.directory;

import java.util.ArrayList;
import java.util.List;
import miroir.index.path.RawValue;
import miroir.index.value.FoldedText;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What a practitioner is called, folded.
 *
 * @param families whole surnames
 * @param given whole given names, in order
 */
record PersonName(List<String> families, List<String> given) {
    PersonName {
        families = List.copyOf(families);
        given = List.copyOf(given);
    }

    static PersonName of(RawBsonDocument practitioner) {
        List<String> families = new ArrayList<>();
        List<String> given = new ArrayList<>();
        for (RawValue name : RawValue.of(practitioner).all("name")) {
            String family = name.text("family");
            add(family == null ? name.text("text") : family, families);
            name.all("given").forEach(each -> add(each.text(), given));
        }
        return new PersonName(families, given);
    }

    private static void add(@Nullable String text, List<String> to) {
        if (text != null) {
            to.add(FoldedText.fold(text));
        }
    }

    /** The words of surnames. */
    List<String> familyWords() {
        return words(families);
    }

    /** The words of given names. */
    List<String> givenWords() {
        return words(given);
    }

    private static List<String> words(List<String> texts) {
        List<String> words = new ArrayList<>();
        texts.forEach(text -> words.addAll(List.of(text.split(" ", -1))));
        return words;
    }

    /** As lists of names are sorted. */
    String sorted() {
        return String.join(" ", families) + "\u0000" + String.join(" ", given);
    }
}
