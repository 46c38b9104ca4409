package miroir.index.search;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.search.SearchExpression.AmongCodes;
import miroir.index.search.SearchExpression.Token;
import miroir.index.search.Terminology.SystemCodes;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value sets of {@code :in} and {@code :not-in}, the codes of {@code :above} and {@code :below}, and the labels of {@code :text}, for one query.
 *
 * <p>All codes go to the database with the query, as often as it names them and for each type that a chain may mean, and MongoDB takes
 * no query of 16 MB. So they are counted over the whole of it.
 */
final class CodeClauses {
    /** With three quarters of what MongoDB takes there is room for the rest of the query. */
    private static final int MOST_BYTES = 12 << 20;

    /** Of BSON around a code, which is written twice: alone, and with its system. */
    private static final int BYTES_AROUND = 24;

    private final CodeModifiers modifiers;
    private final Terminology terminology;
    private final UnaryOperator<String> relative;
    private boolean consulted;
    private long codes;
    private long bytes;

    /** Where URLs below our base are made relative like this. */
    CodeClauses(CodeModifiers modifiers, Terminology terminology, UnaryOperator<String> relative) {
        this.modifiers = modifiers;
        this.terminology = terminology;
        this.relative = relative;
    }

    @Nullable
    Clause of(SearchParameter parameter, String modifier) {
        if (modifier.equals(Modifiers.TEXT) && modifiers.hasLabels(parameter)) {
            return Clause.of(value -> labelled(parameter, TextClauses.text(value)));
        }
        if (!modifiers.of(parameter).contains(modifier)) {
            return null;
        }
        return switch (modifier) {
            case CodeModifiers.IN -> Clause.of(value -> in(parameter, value));
            case CodeModifiers.NOT_IN -> Clause.noneOf(value -> in(parameter, value));
            case Modifiers.ABOVE -> Clause.of(value -> hierarchy(parameter, value, terminology::above));
            case Modifiers.BELOW -> Clause.of(value -> hierarchy(parameter, value, terminology::below));
            default -> null;
        };
    }

    /** The types of the resources that decided what was read so far. */
    Set<String> consulted() {
        return consulted ? modifiers.servedTypes() : Set.of();
    }

    /** Asked again after each value: a chain passes over what is refused for one of its types, and this is about all of them. */
    void requireFew() {
        if (codes > terminology.mostCodes()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the value sets and hierarchies of the query have " + codes
                            + " codes or more together, each counted as often"
                            + " as it is asked for; allowed are at most " + terminology.mostCodes()
                            + " (search.maximumExpansion in server.yaml)");
        }
        if (bytes > MOST_BYTES) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the codes of the query take " + bytes + " bytes or more, with their systems; allowed are at most "
                            + MOST_BYTES);
        }
    }

    private void count(String system, @Nullable Set<String> more) {
        codes += more == null ? 1 : more.size();
        requireFew();
        int ofSystem = BYTES_AROUND + bytes(system);
        bytes += more == null
                ? ofSystem
                : more.stream().mapToLong(code -> ofSystem + 2L * bytes(code)).sum();
        requireFew();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private SearchExpression in(SearchParameter parameter, String value) {
        consulted = true;
        String name = name(EscapedText.unescape(value));
        List<SystemCodes> found = terminology.valueSet(name);
        found.forEach(each -> count(each.system(), each.codes()));
        return new AmongCodes(
                parameter,
                name,
                found.stream().flatMap(each -> tokens(parameter, each)).toList());
    }

    /** A URL below our base is that of a resource here, unless a value set calls itself so. */
    private String name(String value) {
        String local = relative.apply(value);
        return local.equals(value) || terminology.hasValueSet(value) ? value : local;
    }

    private static Stream<Token> tokens(SearchParameter parameter, SystemCodes some) {
        Set<String> codes = some.codes();
        return codes == null
                ? Stream.of(new Token(parameter, some.system(), null))
                : codes.stream().map(code -> new Token(parameter, some.system(), code));
    }

    /** By what stands beside the code, where that is kept, and by what code systems say of it. */
    private SearchExpression labelled(SearchParameter parameter, String text) {
        consulted = true;
        List<SystemCodes> found = terminology.labelled(text);
        found.forEach(each -> count(each.system(), each.codes()));
        SearchExpression byLabel = new AmongCodes(
                parameter,
                text,
                found.stream().flatMap(each -> tokens(parameter, each)).toList());
        if (!parameter.text()) {
            return byLabel;
        }
        SearchExpression byText = new SearchExpression.TokenText(parameter, text);
        return found.isEmpty() ? byText : new SearchExpression.Or(List.of(byText, byLabel));
    }

    private SearchExpression hierarchy(
            SearchParameter parameter, String value, BiFunction<String, String, Set<String>> related) {
        consulted = true;
        TokenText token = TokenText.read(value, "code");
        String system = token.system();
        String code = token.code();
        if (system == null || system.isEmpty() || code == null) {
            throw TokenText.refusal(value, "system|code, both: a hierarchy is that of a code system");
        }
        Set<String> found = related.apply(system, code);
        count(system, found);
        return new AmongCodes(
                parameter,
                system + "|" + code,
                found.stream().map(each -> new Token(parameter, system, each)).toList());
    }
}
