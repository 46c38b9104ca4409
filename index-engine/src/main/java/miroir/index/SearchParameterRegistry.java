package miroir.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every search parameter of every served type. Extraction, indexes, the query parser, {@code /metadata} and the
 * documentation read this and nothing else.
 */
public final class SearchParameterRegistry {
    private final Map<String, Map<String, SearchParameter>> byType;

    private SearchParameterRegistry(Map<String, Map<String, SearchParameter>> byType) {
        this.byType = byType;
    }

    /** A registry of exactly these parameters; a name that occurs twice on a type is an error of the caller. */
    public static SearchParameterRegistry of(Collection<String> types, Collection<SearchParameter> parameters) {
        Map<String, Map<String, SearchParameter>> byType = new LinkedHashMap<>();
        types.forEach(type -> byType.put(type, new LinkedHashMap<>()));
        for (SearchParameter parameter : parameters) {
            Map<String, SearchParameter> ofType = byType.get(parameter.type());
            if (ofType == null) {
                throw new IllegalArgumentException("search parameter " + parameter.code()
                        + " is on a type that is not served: " + parameter.type());
            }
            SearchParameter other = ofType.putIfAbsent(parameter.code(), parameter);
            if (other != null) {
                throw new IllegalArgumentException("search parameter " + parameter.type() + "." + parameter.code()
                        + " is declared twice: " + other.origin() + " and " + parameter.origin());
            }
        }
        return new SearchParameterRegistry(byType);
    }

    /** The served resource types, in order. */
    public Set<String> types() {
        return byType.keySet();
    }

    /** The parameters of a type, in order of declaration; empty for a type that is not served. */
    public List<SearchParameter> of(String type) {
        return new ArrayList<>(byType.getOrDefault(type, Map.of()).values());
    }

    /** The parameter of that name on that type, or null. */
    public @Nullable SearchParameter find(String type, String code) {
        return byType.getOrDefault(type, Map.of()).get(code);
    }
}
