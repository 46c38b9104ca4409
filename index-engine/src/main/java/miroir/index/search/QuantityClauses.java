package miroir.index.search;

import java.util.List;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;
import org.jspecify.annotations.Nullable;

/** Reads numbers, and quantities with their units: {@code 5.4}, {@code 5.4|system|code}, {@code 5.4||unit}. */
final class QuantityClauses {
    private static final String EXAMPLE = "a number such as 5.40";

    private QuantityClauses() {}

    static @Nullable Clause of(SearchParameter parameter, @Nullable String modifier) {
        if (modifier != null) {
            return modifier.equals(Modifiers.MISSING)
                    ? Clause.missing(missing -> new SearchExpression.Missing(parameter, missing))
                    : null;
        }
        return parameter.searchType() == SearchParameterType.NUMBER
                ? Clause.of(value -> number(parameter, EscapedText.unescape(value), null, null))
                : Clause.of(value -> quantity(parameter, value));
    }

    private static SearchExpression number(
            SearchParameter parameter, String value, @Nullable String system, @Nullable String code) {
        Prefix prefix = Prefix.of(value, EXAMPLE);
        return new SearchExpression.Quantity(
                parameter, prefix, AskedNumber.parse(Prefix.stripped(value)), system, code);
    }

    private static SearchExpression quantity(SearchParameter parameter, String value) {
        List<String> parts = EscapedText.split(value, '|').stream()
                .map(EscapedText::unescape)
                .toList();
        if (parts.size() == 1) {
            return number(parameter, parts.get(0), null, null);
        }
        if (parts.size() != 3 || (parts.get(1).isEmpty() && parts.get(2).isEmpty())) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "\"" + Refusal.shown(value)
                            + "\" is not a quantity; allowed are number, number|system|code, number|system| for any"
                            + " unit of the system, number||code for a code or unit of any system (a | inside a part is"
                            + " written \\|)");
        }
        String code = parts.get(2).isEmpty() ? null : parts.get(2);
        return number(parameter, parts.get(0), parts.get(1), code);
    }
}
