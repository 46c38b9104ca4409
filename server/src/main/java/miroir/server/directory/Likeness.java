package miroir.server.directory;

import java.util.List;

/** How much a name is like what was asked, best first. */
enum Likeness {
    /** Word for word. */
    EXACT(0),
    /** They begin so. */
    BEGINNING(200),
    /** Surname and given name have changed places. */
    SWAPPED(400),
    /** But for one typing error. */
    ONE_ERROR(600),
    /** By something that is not seen in the name. */
    OTHERWISE(800);

    private final int thousandths;

    Likeness(int thousandths) {
        this.thousandths = thousandths;
    }

    /** How much of a score it costs. */
    int thousandths() {
        return thousandths;
    }

    /** Of one word of a name. */
    static Likeness of(AskedName.Word asked, String word) {
        if (asked.text().equals(word) || asked.spellings().contains(word)) {
            return EXACT;
        }
        if (word.startsWith(asked.text())) {
            return BEGINNING;
        }
        return OneError.separates(asked.text(), word) ? ONE_ERROR : OTHERWISE;
    }

    /** The one of two that is worse. */
    Likeness or(Likeness other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Of a word and a whole name that has a space or an apostrophe too many or too few, or something else that no single word shows. */
    static Likeness ofWholes(AskedName.Word asked, List<String> names) {
        return names.stream()
                        .anyMatch(name -> asked.wholes().stream().anyMatch(whole -> OneError.separates(whole, name)))
                ? ONE_ERROR
                : OTHERWISE;
    }
}
