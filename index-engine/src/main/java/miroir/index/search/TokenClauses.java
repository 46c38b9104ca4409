package miroir.index.search;

import java.util.List;
import miroir.index.SearchParameter;
import org.jspecify.annotations.Nullable;

/** Reads {@code code}, {@code system|code}, {@code system|}, {@code |code}, and three parts after {@code :of-type}. */
final class TokenClauses {
    private final SameSystems systems;

    TokenClauses(SameSystems systems) {
        this.systems = systems;
    }

    @Nullable
    Clause of(SearchParameter parameter, @Nullable String modifier) {
        if (modifier == null) {
            return Clause.of(value -> token(parameter, value));
        }
        if (!Modifiers.of(parameter).contains(modifier)) {
            return null;
        }
        return switch (modifier) {
            case Modifiers.NOT -> Clause.noneOf(value -> token(parameter, value));
            case Modifiers.OF_TYPE -> Clause.of(value -> typedIdentifier(parameter, value));
            case Modifiers.TEXT ->
                Clause.of(value -> new SearchExpression.TokenText(parameter, TextClauses.text(value)));
            case Modifiers.MISSING -> Clause.missing(missing -> new SearchExpression.Missing(parameter, missing));
            default -> null;
        };
    }

    private SearchExpression token(SearchParameter parameter, String value) {
        TokenText token = TokenText.read(value, "code");
        String system = token.system();
        List<String> names = system == null ? List.of() : systems.of(system);
        return names.size() < 2
                ? new SearchExpression.Token(parameter, system, token.code())
                : new SearchExpression.AmongCodes(
                        parameter,
                        value,
                        names.stream()
                                .map(name -> new SearchExpression.Token(parameter, name, token.code()))
                                .toList());
    }

    private SearchExpression typedIdentifier(SearchParameter parameter, String value) {
        List<String> parts = EscapedText.split(value, '|').stream()
                .map(EscapedText::unescape)
                .toList();
        if (parts.size() != 3 || parts.contains("")) {
            throw TokenText.refusal(value, "type-system|type-code|value, all three");
        }
        List<SearchExpression> typed = systems.of(parts.get(0)).stream()
                .<SearchExpression>map(
                        system -> new SearchExpression.TypedIdentifier(parameter, system, parts.get(1), parts.get(2)))
                .toList();
        return typed.size() == 1 ? typed.get(0) : new SearchExpression.Or(typed);
    }
}
