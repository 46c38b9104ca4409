package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import miroir.index.SearchParameter;
import miroir.index.search.SearchExpression.AmongCodes;
import miroir.index.search.SearchExpression.Token;
import miroir.index.search.Terminology.SystemCodes;
import org.jspecify.annotations.Nullable;

/** Reads the value sets of {@code :in} and {@code :not-in}, and the codes of {@code :above} and {@code :below}. */
final class CodeClauses {
    private final CodeModifiers modifiers;
    private final Terminology terminology;
    private boolean consulted;

    CodeClauses(CodeModifiers modifiers, Terminology terminology) {
        this.modifiers = modifiers;
        this.terminology = terminology;
    }

    @Nullable
    Clause of(SearchParameter parameter, String modifier) {
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

    private SearchExpression in(SearchParameter parameter, String value) {
        consulted = true;
        String name = EscapedText.unescape(value);
        List<Token> tokens = new ArrayList<>();
        for (SystemCodes ofSystem : terminology.valueSet(name)) {
            Set<String> codes = ofSystem.codes();
            if (codes == null) {
                tokens.add(new Token(parameter, ofSystem.system(), null));
            } else {
                codes.forEach(code -> tokens.add(new Token(parameter, ofSystem.system(), code)));
            }
        }
        return new AmongCodes(parameter, name, tokens);
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
        return new AmongCodes(
                parameter,
                system + "|" + code,
                related.apply(system, code).stream()
                        .map(each -> new Token(parameter, system, each))
                        .toList());
    }
}
