package miroir.index.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored SearchParameter resources, each for itself: one that cannot be used leaves everything else as it is.
 *
 * <p>They come after the standard parameters and the files. One may take the place of a standard parameter, and not of one that a file or an
 * earlier resource declares. Those that are not active, or about no type that is served, say nothing.
 */
final class StoredDeclarations {
    private static final String ACTIVE = "active";
    private static final String ORIGIN = "SearchParameter/";
    private static final BsonString COMPOSITE = new BsonString("composite");

    /** Each change has all of them read again, and the database keeps them in one document. */
    static final int MOST_RESOURCES = 500;

    static final int MOST_PARAMETERS = 2_000;

    /** By these the server itself looks for value sets, code systems, profiles and SearchParameters. */
    private static final Set<String> ASKED_BY_THE_SERVER =
            Set.of("url", "version", "SearchParameter.code", "SearchParameter.status");

    private final Set<String> types;
    private final IndexChoices choices;
    private final Map<String, SearchParameter> standing;
    private final Map<String, List<SearchParameter>> standingByType;
    private final Map<String, SearchParameter> stored = new LinkedHashMap<>();

    /**
     * Of a server of these types.
     *
     * @param standing what the types have otherwise, by name
     */
    StoredDeclarations(Set<String> types, IndexChoices choices, Map<String, SearchParameter> standing) {
        this.types = types;
        this.choices = choices;
        this.standing = standing;
        this.standingByType = standing.values().stream().collect(Collectors.groupingBy(SearchParameter::type));
    }

    /** What the parameters of a resource say as their origin. */
    static String origin(BsonDocument resource) {
        return ORIGIN + (resource.get("id") instanceof BsonString id ? id.getValue() : "");
    }

    static boolean isOrigin(String origin) {
        return origin.startsWith(ORIGIN);
    }

    /** In the same order, but composites at the end: what they are made of may have been written after them. */
    static <T extends BsonDocument> List<T> componentsFirst(List<T> resources) {
        List<T> ordered = new ArrayList<>(resources);
        ordered.sort(Comparator.comparing(resource -> COMPOSITE.equals(resource.get("type"))));
        return ordered;
    }

    /** Those of a type that it has otherwise. */
    List<SearchParameter> others(String type) {
        return standingByType.getOrDefault(type, List.of()).stream()
                .filter(parameter -> !stored.containsKey(RegistryLoader.name(parameter)))
                .toList();
    }

    /** Those of a type that were added. */
    List<SearchParameter> added(String type) {
        return stored.values().stream()
                .filter(parameter -> parameter.type().equals(type))
                .toList();
    }

    /** Adds what the resource declares, or throws {@link miroir.index.yaml.ConfigurationRefused} and adds nothing. */
    void add(BsonDocument resource) {
        YamlNode node = YamlNode.of(origin(resource), resource);
        if (!isInForce(node)) {
            return;
        }
        List<SearchParameter> known = Stream.concat(standing.values().stream(), stored.values().stream())
                .toList();
        Map<String, Declaration> declared = new LinkedHashMap<>();
        for (Declaration declaration : new FhirDeclarations(Structures.r4(), types, known).read(node)) {
            check(declaration, node);
            declared.put(declaration.name(), declaration);
        }
        requireRoom(known, declared.size(), node);
        Map<String, SearchParameter> added = new LinkedHashMap<>();
        declared.forEach((name, declaration) -> added.put(name, parameter(declaration)));
        stored.putAll(added);
        try {
            requireOwnFields(declared);
        } catch (ConfigurationRefused refused) {
            stored.keySet().removeAll(added.keySet());
            throw refused;
        }
    }

    private void requireOwnFields(Map<String, Declaration> declared) {
        FieldClashes clashes = new FieldClashes(declared);
        declared.values().stream()
                .map(each -> each.parameter().type())
                .distinct()
                .forEach(type -> clashes.check(settled(type)));
    }

    /** One that says a standard parameter over again has an index where that has one. */
    private SearchParameter parameter(Declaration declaration) {
        @Nullable SearchParameter standard = standing.get(declaration.name());
        SearchParameter parameter = declaration.parameter(choices, standard);
        return standard != null && standard.keepsTheSameAs(parameter)
                ? parameter.with(standard.indexed(), parameter.sortable())
                : parameter;
    }

    private static void requireRoom(List<SearchParameter> known, int more, YamlNode node) {
        List<String> origins = known.stream()
                .map(SearchParameter::origin)
                .filter(StoredDeclarations::isOrigin)
                .toList();
        if (origins.stream().distinct().count() >= MOST_RESOURCES) {
            throw node.require("code")
                    .refuse(MOST_RESOURCES + " SearchParameter resources have an effect already; no more can");
        }
        if (origins.size() + more > MOST_PARAMETERS) {
            throw node.require("base")
                    .refuse("with it SearchParameter resources would make " + (origins.size() + more)
                            + " parameters of single types; allowed are " + MOST_PARAMETERS);
        }
    }

    /** All of a type, those that were added last. */
    List<SearchParameter> settled(String type) {
        return SharedFields.settle(
                Stream.concat(others(type).stream(), added(type).stream()).toList());
    }

    private boolean isInForce(YamlNode node) {
        YamlNode status = node.find("status");
        YamlNode base = node.find("base");
        return status != null
                && status.text().equals(ACTIVE)
                && base != null
                && base.texts().stream()
                        .anyMatch(each -> FhirDeclarations.EVERY_TYPE.contains(each) || types.contains(each));
    }

    private void check(Declaration declaration, YamlNode node) {
        @Nullable SearchParameter standard = standing.get(declaration.name());
        SearchParameter other = stored.getOrDefault(declaration.name(), standard);
        if (other != null && !other.origin().equals(StandardParameters.ORIGIN)) {
            throw node.require("code")
                    .refuse(declaration.name() + " is declared already by " + other.origin()
                            + "; choose another code, or a status that is not active");
        }
        if (standard != null) {
            requireReplaceable(declaration, standard);
        }
        if (!SuitableTypes.suits(declaration.parameter())) {
            throw declaration.refuse(SuitableTypes.explain(declaration.parameter()));
        }
    }

    private static void requireReplaceable(Declaration declaration, SearchParameter standard) {
        if (standard.isBuiltIn()) {
            throw declaration.refuse(
                    standard.code() + " is kept by the server: what a SearchParameter says of it has no effect");
        }
        boolean isAsked = ASKED_BY_THE_SERVER.contains(standard.code())
                || ASKED_BY_THE_SERVER.contains(RegistryLoader.name(standard));
        SearchParameter parameter = declaration.parameter();
        if (isAsked
                && (parameter.searchType() != standard.searchType()
                        || !parameter.expression().equals(standard.expression()))) {
            throw declaration.refuse("the server itself searches by " + declaration.name() + ": it stays "
                    + standard.searchType().code() + " " + standard.expression()
                    + ", unless a file says otherwise");
        }
    }
}
