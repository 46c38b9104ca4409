package miroir.index.registry;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.structure.Structures;
import miroir.index.yaml.YamlNode;
import org.bson.BsonDocument;
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

    private final Set<String> types;
    private final IndexChoices choices;
    private final Map<String, SearchParameter> standing;
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
    }

    /** What the parameters of a resource say as their origin. */
    static String origin(BsonDocument resource) {
        return ORIGIN + resource.getString("id").getValue();
    }

    static boolean isOrigin(String origin) {
        return origin.startsWith(ORIGIN);
    }

    /** Those of a type that it has otherwise. */
    List<SearchParameter> others(String type) {
        return standing.values().stream()
                .filter(parameter ->
                        parameter.type().equals(type) && !stored.containsKey(RegistryLoader.name(parameter)))
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
        StoredDeclarations together = new StoredDeclarations(types, choices, standing);
        together.stored.putAll(stored);
        declared.forEach(
                (name, declaration) -> together.stored.put(name, declaration.parameter(choices, standing.get(name))));
        Set<String> concerned = new LinkedHashSet<>();
        declared.values().forEach(each -> concerned.add(each.parameter().type()));
        concerned.forEach(type -> new FieldClashes(declared).check(together.settled(type)));
        stored.putAll(together.stored);
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
        declaration.checkReplaces(standard);
        if (!SuitableTypes.suits(declaration.parameter())) {
            throw declaration.refuse(SuitableTypes.explain(declaration.parameter()));
        }
    }
}
