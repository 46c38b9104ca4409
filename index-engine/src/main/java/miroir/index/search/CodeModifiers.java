package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.path.CompiledPaths;

/** The modifiers that need value sets and code systems: they work where those are among the types that are served. */
public record CodeModifiers(SearchParameterRegistry registry) {
    static final String IN = "in";
    static final String NOT_IN = "not-in";

    private static final Set<String> CODED = Set.of("CodeableConcept", "Coding", "code");

    /** Those of a parameter; none of one that is no code. */
    public List<String> of(SearchParameter parameter) {
        List<String> modifiers = new ArrayList<>();
        if (isCoded(parameter)) {
            if (isServed("ValueSet")) {
                modifiers.addAll(List.of(IN, NOT_IN));
            }
            if (isServed("CodeSystem")) {
                modifiers.addAll(List.of(Modifiers.ABOVE, Modifiers.BELOW));
                if (!parameter.text()) {
                    modifiers.add(Modifiers.TEXT);
                }
            }
        }
        return modifiers;
    }

    /** Those of value sets and code systems that are served. */
    Set<String> servedTypes() {
        return Stream.of("ValueSet", "CodeSystem").filter(this::isServed).collect(Collectors.toSet());
    }

    /** Which types would have to be served for this modifier to work on this parameter; none where that would not help. */
    List<String> lacking(SearchParameter parameter, String modifier) {
        if (!isCoded(parameter)) {
            return List.of();
        }
        List<String> needed = switch (modifier) {
            case IN, NOT_IN -> List.of("ValueSet", "CodeSystem");
            case Modifiers.ABOVE, Modifiers.BELOW, Modifiers.TEXT -> List.of("CodeSystem");
            default -> List.of();
        };
        return needed.stream().filter(type -> !isServed(type)).toList();
    }

    /** Whether {@code :text} finds it by the labels that code systems have. */
    boolean hasLabels(SearchParameter parameter) {
        return isServed("CodeSystem") && isCoded(parameter);
    }

    private boolean isServed(String type) {
        return registry.find(type, "url") != null;
    }

    private static boolean isCoded(SearchParameter parameter) {
        return parameter.searchType() == SearchParameterType.TOKEN
                && !parameter.isBuiltIn()
                && parameter.computed() == null
                && CompiledPaths.of(parameter.type(), List.of(parameter)).dataTypes(0).stream()
                        .anyMatch(CODED::contains);
    }
}
