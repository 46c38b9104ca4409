package miroir.index.search;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.value.ReferenceText;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code id}, {@code Type/id}, {@code Type/id/_history/v}, absolute URLs and canonicals. A version is not compared:
 * R4 leaves that to the server, and references are stored without theirs.
 */
final class ReferenceClauses {
    static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");
    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z]{1,63}");
    private static final Pattern LOCAL =
            Pattern.compile("[A-Z][A-Za-z]{1,63}/[A-Za-z0-9.-]{1,64}(/_history/[A-Za-z0-9.-]{1,64})?");
    private static final Pattern ABSOLUTE = Pattern.compile("[a-z][a-z0-9+.-]*:.+");
    private static final String HISTORY = "/_history/";

    private final Set<String> ownBases;
    private final @Nullable String reached;

    ReferenceClauses(Set<String> ownBases) {
        this(
                ownBases.stream()
                        .map(base -> base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                        .collect(Collectors.toUnmodifiableSet()),
                null);
    }

    private ReferenceClauses(Set<String> ownBases, @Nullable String reached) {
        this.ownBases = ownBases;
        this.reached = reached;
    }

    /** The same where this URL, without a slash at its end, is one of ours as well. */
    ReferenceClauses reachedAt(String base) {
        return ownBases.contains(base) ? this : new ReferenceClauses(ownBases, base + "/");
    }

    /** The URL without the base of ours that it is below, if it is. */
    String relative(String url) {
        return Stream.concat(ownBases.stream().map(base -> base + "/"), Stream.ofNullable(reached))
                .filter(url::startsWith)
                .findFirst()
                .map(base -> url.substring(base.length()))
                .orElse(url);
    }

    @Nullable
    Clause of(SearchParameter parameter, @Nullable String modifier) {
        if (modifier == null) {
            return Clause.of(value -> anyForm(parameter, null, EscapedText.unescape(value)));
        }
        return switch (modifier) {
            case Modifiers.IDENTIFIER -> Clause.of(value -> identified(parameter, value));
            case Modifiers.MISSING -> Clause.missing(missing -> new SearchExpression.Missing(parameter, missing));
            default ->
                isTarget(parameter, modifier)
                        ? Clause.of(value -> anyForm(parameter, modifier, EscapedText.unescape(value)))
                        : null;
        };
    }

    private static boolean isTarget(SearchParameter parameter, String type) {
        return parameter.targets().isEmpty()
                ? TYPE.matcher(type).matches()
                : parameter.targets().contains(type);
    }

    /** Below the base of the request, references are stored as relative ones, and canonicals as they are. */
    private SearchExpression anyForm(SearchParameter parameter, @Nullable String type, String value) {
        if (reached == null || !value.startsWith(reached)) {
            return reference(parameter, type, value);
        }
        SearchExpression whole = new SearchExpression.ForeignReference(parameter, value);
        String local = value.substring(reached.length());
        return LOCAL.matcher(local).matches()
                ? new SearchExpression.Or(List.of(reference(parameter, type, local), whole))
                : whole;
    }

    private SearchExpression reference(SearchParameter parameter, @Nullable String type, String said) {
        // No version after the bar is none; within, what ends so is kept for another purpose.
        String value = said.endsWith("|") ? said.substring(0, said.length() - 1) : said;
        String text = ReferenceText.of(value, ownBases).text();
        if (ABSOLUTE.matcher(text).matches()) {
            return new SearchExpression.ForeignReference(parameter, text);
        }
        String[] parts = text.split("/", -1);
        boolean typed = parts.length == 2;
        if ((parts.length != 1 && !typed) || !ID.matcher(parts[typed ? 1 : 0]).matches() || !fits(value, typed)) {
            throw notAReference(value);
        }
        return typed
                ? typed(parameter, type, parts[0], parts[1])
                : new SearchExpression.LocalReference(parameter, type, parts[0]);
    }

    /** Whether there is no version, or one where it may be. */
    private static boolean fits(String value, boolean typed) {
        int version = value.lastIndexOf(HISTORY);
        return version < 0
                || (typed
                        && ID.matcher(value.substring(version + HISTORY.length()))
                                .matches());
    }

    private static SearchExpression typed(
            SearchParameter parameter, @Nullable String modifier, String type, String id) {
        if (!isTarget(parameter, type)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "it cannot refer to \"" + Refusal.shown(type) + "\"; allowed are " + allowedTypes(parameter));
        }
        if (modifier != null && !modifier.equals(type)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the modifier says " + modifier + " and the value \"" + type + "/" + id + "\" says " + type);
        }
        return new SearchExpression.LocalReference(parameter, type, id);
    }

    private static String allowedTypes(SearchParameter parameter) {
        return parameter.targets().isEmpty() ? "resource types" : String.join(", ", parameter.targets());
    }

    private static SearchExpression identified(SearchParameter parameter, String value) {
        TokenText token = TokenText.read(value, "value");
        return new SearchExpression.IdentifiedReference(parameter, token.system(), token.code());
    }

    private static Refusal notAReference(String value) {
        return new Refusal(
                Refusal.Reason.INVALID,
                "\"" + Refusal.shown(value)
                        + "\" is not a reference; allowed are id, Type/id, Type/id/_history/version, an absolute URL"
                        + " (an id is 1 to 64 letters, digits, - and .)");
    }
}
