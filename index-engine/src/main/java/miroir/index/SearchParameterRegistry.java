package miroir.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every search parameter of every served type. Extraction, indexes, the query parser, {@code /metadata} and the
 * documentation read this and nothing else.
 */
public final class SearchParameterRegistry {
    private final Map<String, Map<String, SearchParameter>> byType;
    private final Map<String, IndexRoom> rooms;

    private SearchParameterRegistry(Map<String, Map<String, SearchParameter>> byType, Map<String, IndexRoom> rooms) {
        this.byType = byType;
        this.rooms = rooms;
    }

    /**
     * A registry of exactly these parameters, each indexed only if there is room for its index; a name that occurs twice on a
     * type is an error of the caller.
     */
    public static SearchParameterRegistry of(Collection<String> types, Collection<SearchParameter> parameters) {
        return of(types, parameters, List.of());
    }

    /**
     * The same with more of them, which have the room for indexes that the others leave.
     *
     * @param more of the same types, under other names
     */
    public static SearchParameterRegistry of(
            Collection<String> types, Collection<SearchParameter> parameters, Collection<SearchParameter> more) {
        Map<String, IndexRoom> rooms = new LinkedHashMap<>();
        types.forEach(type -> rooms.put(type, new IndexRoom()));
        Map<String, Map<String, SearchParameter>> byType = settled(types, parameters, rooms);
        settled(types, more, rooms).forEach((type, ofType) -> ofType.values().forEach(added -> add(byType, added)));
        return new SearchParameterRegistry(byType, rooms);
    }

    private static Map<String, Map<String, SearchParameter>> settled(
            Collection<String> types, Collection<SearchParameter> parameters, Map<String, IndexRoom> rooms) {
        Map<String, Map<String, SearchParameter>> byType = new LinkedHashMap<>();
        types.forEach(type -> byType.put(type, new LinkedHashMap<>()));
        parameters.forEach(parameter -> add(byType, parameter));
        byType.forEach((type, ofType) -> {
            IndexRoom room = Objects.requireNonNull(rooms.get(type));
            ofType.replaceAll((code, parameter) -> room.settle(parameter));
            ofType.replaceAll((code, parameter) -> room.settleSorting(parameter));
        });
        return byType;
    }

    private static void add(Map<String, Map<String, SearchParameter>> byType, SearchParameter parameter) {
        Map<String, SearchParameter> ofType = byType.get(parameter.type());
        if (ofType == null) {
            throw new IllegalArgumentException(
                    "search parameter " + parameter.code() + " is on a type that is not served: " + parameter.type());
        }
        SearchParameter other = ofType.putIfAbsent(parameter.code(), parameter);
        if (other != null) {
            throw new IllegalArgumentException("search parameter " + parameter.type() + "." + parameter.code()
                    + " is declared twice: " + other.origin() + " and " + parameter.origin());
        }
    }

    /** The served resource types, in order. */
    public Set<String> types() {
        return byType.keySet();
    }

    /** The parameters of a type, in order of declaration; empty for a type that is not served. */
    public List<SearchParameter> of(String type) {
        return new ArrayList<>(byType.getOrDefault(type, Map.of()).values());
    }

    /** The codes of parameters of a type that should have an index and have none, because there is no room. */
    public List<String> leftOut(String type) {
        IndexRoom room = rooms.get(type);
        return room == null ? List.of() : room.leftOut();
    }

    /** The parameter of that name on that type, or null. */
    public @Nullable SearchParameter find(String type, String code) {
        return byType.getOrDefault(type, Map.of()).get(code);
    }
}
