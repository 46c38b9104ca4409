package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import org.jspecify.annotations.Nullable;

/** Reads {@code a$b}: each part as its component's parameter is read. */
final class CompositeClauses {
    private final SearchParameterRegistry registry;
    private final ComponentClauses components;

    /** How a parameter without a modifier is read. */
    interface ComponentClauses {
        @Nullable
        Clause of(SearchParameter parameter);
    }

    CompositeClauses(SearchParameterRegistry registry, ComponentClauses components) {
        this.registry = registry;
        this.components = components;
    }

    @Nullable
    Clause of(SearchParameter parameter, @Nullable String modifier) {
        if (modifier == null) {
            return Clause.of(value -> composite(parameter, value));
        }
        return modifier.equals(Modifiers.MISSING)
                ? Clause.missing(missing -> new SearchExpression.Missing(parameter, missing))
                : null;
    }

    private SearchExpression composite(SearchParameter parameter, String value) {
        List<String> values = EscapedText.split(value, '$');
        if (values.size() != parameter.components().size() || values.contains("")) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "\"" + Refusal.shown(value) + "\" is not a composite; allowed are " + form(parameter)
                            + " (a $ inside a part is written \\$)");
        }
        List<SearchExpression> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            parts.add(part(parameter, parameter.components().get(i), values.get(i)));
        }
        return new SearchExpression.Composite(parameter, parts);
    }

    private static String form(SearchParameter parameter) {
        return parameter.components().stream()
                .map(SearchParameter.Component::code)
                .collect(Collectors.joining("$"));
    }

    private SearchExpression part(SearchParameter whole, SearchParameter.Component component, String value) {
        Clause clause = components.of(parameter(whole, component));
        if (clause == null) {
            throw new Refusal(Refusal.Reason.NOT_UNDERSTOOD, component.code() + " is not supported by this server");
        }
        return clause.read(value, 1);
    }

    private SearchParameter parameter(SearchParameter whole, SearchParameter.Component component) {
        SearchParameter likeIt = registry.find(whole.type(), component.code());
        return new SearchParameter(
                whole.type(),
                component.code(),
                component.searchType(),
                component.expression(),
                component.code(),
                false,
                false,
                "",
                "",
                likeIt == null ? List.of() : likeIt.targets(),
                List.of(),
                whole.origin());
    }
}
