package miroir.index.search;

import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.search.SearchExpression.TextMatch;
import miroir.index.value.FoldedText;
import org.jspecify.annotations.Nullable;

/** Reads the texts of string parameters. */
final class TextClauses {
    private TextClauses() {}

    static @Nullable Clause of(SearchParameter parameter, @Nullable String modifier) {
        if (modifier == null) {
            return Clause.of(value -> folded(parameter, value, TextMatch.STARTS_WITH));
        }
        return switch (modifier) {
            case Modifiers.EXACT ->
                Clause.of(value -> new SearchExpression.Text(parameter, EscapedText.unescape(value), TextMatch.EXACT));
            case Modifiers.CONTAINS -> Clause.of(value -> folded(parameter, value, TextMatch.CONTAINS));
            case Modifiers.MISSING -> Clause.missing(missing -> new SearchExpression.Missing(parameter, missing));
            default -> null;
        };
    }

    private static SearchExpression folded(SearchParameter parameter, String value, TextMatch match) {
        return new SearchExpression.Text(parameter, text(value), match);
    }

    /** A text of which something is left when it is folded. */
    static String text(String value) {
        String text = EscapedText.unescape(value);
        if (FoldedText.fold(text).isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "\"" + Refusal.shown(text)
                            + "\" has no letter to search for: spaces at the ends, hyphens and marks are not compared");
        }
        return text;
    }
}
