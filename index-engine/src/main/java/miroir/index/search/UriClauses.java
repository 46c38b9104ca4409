package miroir.index.search;

import java.util.List;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.search.SearchExpression.UriMatch;
import org.jspecify.annotations.Nullable;

/** Reads uris, and the hierarchies of those that are URLs. */
final class UriClauses {
    private UriClauses() {}

    /**
     * The clause for a modifier.
     *
     * @param version the parameter that has the version of what has the uri; null where it is not the url of a canonical resource
     */
    static @Nullable Clause of(
            SearchParameter parameter, @Nullable String modifier, @Nullable SearchParameter version) {
        if (modifier == null) {
            return Clause.of(value -> equal(parameter, EscapedText.unescape(value), version));
        }
        return switch (modifier) {
            case Modifiers.ABOVE -> Clause.of(value -> hierarchy(parameter, value, UriMatch.ABOVE));
            case Modifiers.BELOW -> Clause.of(value -> hierarchy(parameter, value, UriMatch.BELOW));
            case Modifiers.MISSING -> Clause.missing(missing -> new SearchExpression.Missing(parameter, missing));
            default -> null;
        };
    }

    /** A canonical may say which version: the resource then has this url, and that version, each for itself. */
    private static SearchExpression equal(SearchParameter parameter, String uri, @Nullable SearchParameter version) {
        int bar = uri.lastIndexOf('|');
        return version == null || bar <= 0 || bar == uri.length() - 1
                ? new SearchExpression.Uri(parameter, uri, UriMatch.EQUAL)
                : new SearchExpression.And(List.of(
                        new SearchExpression.Uri(parameter, uri.substring(0, bar), UriMatch.EQUAL),
                        new SearchExpression.Token(version, null, uri.substring(bar + 1))));
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
