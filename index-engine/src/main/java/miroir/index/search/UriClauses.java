package miroir.index.search;

import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.search.SearchExpression.UriMatch;
import org.jspecify.annotations.Nullable;

/** Reads uris, and the hierarchies of those that are URLs. */
final class UriClauses {
    private UriClauses() {}

    static @Nullable Clause of(SearchParameter parameter, @Nullable String modifier) {
        if (modifier == null) {
            return Clause.of(value -> new SearchExpression.Uri(parameter, EscapedText.unescape(value), UriMatch.EQUAL));
        }
        return switch (modifier) {
            case Modifiers.ABOVE -> Clause.of(value -> hierarchy(parameter, value, UriMatch.ABOVE));
            case Modifiers.BELOW -> Clause.of(value -> hierarchy(parameter, value, UriMatch.BELOW));
            case Modifiers.MISSING -> Clause.missing(missing -> new SearchExpression.Missing(parameter, missing));
            default -> null;
        };
    }

    private static SearchExpression hierarchy(SearchParameter parameter, String value, UriMatch match) {
        String uri = EscapedText.unescape(value);
        if (!uri.contains("://")) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "\"" + Refusal.shown(uri)
                            + "\" has no parents or children; with :above and :below, allowed are URLs such as"
                            + " http://example.org/fhir/ValueSet/1");
        }
        return new SearchExpression.Uri(parameter, uri, match);
    }
}
