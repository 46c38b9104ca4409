package miroir.index.registry;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;
import miroir.index.path.CompiledPaths;

/**
 * Which data types a parameter of each search type can find something in, so that one that never finds anything is refused
 * when it is declared, and not missed when it is used.
 */
final class SuitableTypes {
    private static final Set<String> TEXTS = Set.of("string", "markdown", "code", "id");
    private static final Set<String> URIS = Set.of("uri", "url", "canonical", "oid", "uuid");
    private static final Map<SearchParameterType, Set<String>> BY_SEARCH_TYPE = new EnumMap<>(Map.of(
            SearchParameterType.NUMBER, Set.of("integer", "unsignedInt", "positiveInt", "decimal", "Range"),
            SearchParameterType.DATE, Set.of("date", "dateTime", "instant", "Period", "Timing"),
            SearchParameterType.STRING, union(TEXTS, URIS, Set.of("HumanName", "Address", "CodeableConcept", "Coding")),
            SearchParameterType.TOKEN,
                    union(TEXTS, URIS, Set.of("boolean", "CodeableConcept", "Coding", "Identifier", "ContactPoint")),
            SearchParameterType.REFERENCE, union(URIS, Set.of("Reference", "Resource")),
            SearchParameterType.QUANTITY,
                    Set.of("Quantity", "Age", "Count", "Distance", "Duration", "Money", "Range", "SampledData"),
            SearchParameterType.URI, URIS,
            SearchParameterType.SPECIAL, Set.of("Location.position")));

    private SuitableTypes() {}

    /** Whether at least one of the types that the path can select will do; for a composite, any will. */
    static boolean suits(SearchParameter parameter) {
        Set<String> suitable = BY_SEARCH_TYPE.get(parameter.searchType());
        return suitable == null || selected(parameter).stream().anyMatch(suitable::contains);
    }

    /** Why one does not suit. */
    static String explain(SearchParameter parameter) {
        Set<String> suitable = BY_SEARCH_TYPE.getOrDefault(parameter.searchType(), Set.of());
        return "\"" + parameter.expression() + "\" selects " + String.join(", ", new TreeSet<>(selected(parameter)))
                + ", in which a parameter of type " + parameter.searchType().code()
                + " finds nothing; it finds something in " + String.join(", ", new TreeSet<>(suitable));
    }

    private static Set<String> selected(SearchParameter parameter) {
        return CompiledPaths.of(parameter.type(), List.of(parameter)).dataTypes(0);
    }

    @SafeVarargs
    private static Set<String> union(Set<String>... sets) {
        Set<String> all = new TreeSet<>();
        for (Set<String> set : sets) {
            all.addAll(set);
        }
        return all;
    }
}
