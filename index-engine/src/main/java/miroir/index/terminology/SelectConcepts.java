package miroir.index.terminology;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.terminology.CodeSystem.Concept;
import miroir.index.terminology.ValueSet.Filter;

/** The codes of a code system that meet the filters of a value set. */
final class SelectConcepts {
    private static final Set<String> CODE = Set.of("concept", "code");
    private static final String OPERATORS = "=, is-a, descendent-of, is-not-a, generalizes, in, not-in, exists, regex";

    private final String valueSet;
    private final CodeSystem system;
    private final Effort effort;

    /** Of this system, for the value set of that name. */
    SelectConcepts(String valueSet, CodeSystem system, Effort effort) {
        this.valueSet = valueSet;
        this.system = system;
        this.effort = effort;
    }

    SomeCodes all(List<Filter> filters) {
        effort.takeSteps((1L + system.concepts().size()) * filters.size());
        Predicate<Concept> meets = allOf(filters.stream().map(this::condition).toList());
        return SomeCodes.of(system.concepts().values().stream()
                .filter(meets)
                .map(Concept::code)
                .toList());
    }

    /** Not one within the other: there may be thousands. */
    private static Predicate<Concept> allOf(List<Predicate<Concept>> conditions) {
        return concept -> conditions.stream().allMatch(condition -> condition.test(concept));
    }

    private Predicate<Concept> condition(Filter filter) {
        String value = filter.value();
        return switch (filter.operator()) {
            case "=" -> hasOne(filter, Set.of(value));
            case "in" -> hasOne(filter, list(value));
            case "not-in" -> hasOne(filter, list(value)).negate();
            case "is-a" -> isAmong(filter, system.below(value));
            case "descendent-of" -> isAmong(filter, without(value, system.below(value)));
            case "is-not-a" -> isAmong(filter, system.below(value)).negate();
            case "generalizes" -> isAmong(filter, system.above(value));
            case "exists" ->
                concept -> value.equals("true")
                        != values(concept, filter.property()).isEmpty();
            case "regex" -> matches(filter);
            default -> throw refused(filter, "the operator is not known; allowed are " + OPERATORS);
        };
    }

    private static Set<String> list(String value) {
        return Arrays.stream(value.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    }

    private static Set<String> without(String code, Set<String> codes) {
        Set<String> rest = new LinkedHashSet<>(codes);
        rest.remove(code);
        return rest;
    }

    private Predicate<Concept> hasOne(Filter filter, Set<String> wanted) {
        return concept -> values(concept, filter.property()).stream().anyMatch(wanted::contains);
    }

    /** Hierarchies are those of the codes themselves. */
    private Predicate<Concept> isAmong(Filter filter, Set<String> codes) {
        if (!CODE.contains(filter.property())) {
            throw refused(filter, "it works on the property concept");
        }
        if (!system.concepts().containsKey(filter.value())) {
            throw refused(filter, "the code system has no such code");
        }
        return concept -> codes.contains(concept.code());
    }

    /** The whole value, as XML Schema's expressions do. */
    private Predicate<Concept> matches(Filter filter) {
        Expression expression;
        try {
            expression = ReadExpression.of(filter.value());
        } catch (IllegalArgumentException e) {
            throw refused(filter, "it is no regular expression that is allowed here: " + e.getMessage());
        }
        return concept ->
                values(concept, filter.property()).stream().anyMatch(value -> expression.matches(value, effort));
    }

    private List<String> values(Concept concept, String property) {
        List<String> values = valuesOf(concept, property);
        effort.takeSteps(values.size());
        return values;
    }

    private List<String> valuesOf(Concept concept, String property) {
        if (CODE.contains(property)) {
            return List.of(concept.code());
        }
        return switch (property) {
            case "parent" -> List.copyOf(system.parents().getOrDefault(concept.code(), Set.of()));
            case "child" -> List.copyOf(system.children().getOrDefault(concept.code(), Set.of()));
            default -> concept.values(property);
        };
    }

    private Refusal refused(Filter filter, String why) {
        return ExpandValueSet.refused(
                valueSet,
                "its filter \"" + Refusal.shown(filter.property() + " " + filter.operator() + " " + filter.value())
                        + "\" cannot be applied: " + why);
    }
}
