package miroir.index.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.NearestName;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import org.bson.RawBsonDocument;

/**
 * Makes the registry of a server from the standard parameters and the operator's files.
 *
 * <p>A parameter of a file takes the place of the standard one with the same name on the same type; two of files never do.
 * What is said of types that exist and are not served is read, checked and left out, so that one configuration serves
 * servers of different sizes. Anything that is not understood stops the start: {@code file:line: reason}.
 */
public final class RegistryLoader {
    private static final int MOST_REMARKS = 50;

    private final Set<String> types;
    private final Structures structures;
    private final Map<String, Declaration> declared = new LinkedHashMap<>();
    private final IndexChoices choices = new IndexChoices();

    private RegistryLoader(Set<String> types, Structures structures) {
        this.types = types;
        this.structures = structures;
    }

    /** The registry for these types, with the standard parameters and those of the files. */
    public static SearchParameterRegistry load(Set<String> types, List<ConfigurationText> files) {
        return load(types, files, List.of()).registry();
    }

    /**
     * The same with stored SearchParameter resources, which come after the files.
     *
     * @param stored in the order in which they take precedence; one that cannot be used is left out
     */
    public static LoadedRegistry load(Set<String> types, List<ConfigurationText> files, List<RawBsonDocument> stored) {
        RegistryLoader loader = new RegistryLoader(types, Structures.r4());
        files.forEach(loader::read);
        return loader.loaded(stored);
    }

    private void read(ConfigurationText file) {
        if (file.name().endsWith(".json")) {
            YamlNode resource = YamlNode.parseJson(file.name(), file.text());
            List<SearchParameter> earlier =
                    declared.values().stream().map(Declaration::parameter).toList();
            new FhirDeclarations(structures, structures.resourceTypes(), earlier)
                    .read(resource)
                    .forEach(this::declare);
            return;
        }
        YamlNode document =
                YamlNode.parse(file.name(), file.text(), name -> null).allowOnly("resources", "indexes");
        YamlNode resources = document.find("resources");
        if (resources != null) {
            new YamlDeclarations(structures).read(resources).forEach(this::declare);
        }
        YamlNode indexes = document.find("indexes");
        if (indexes != null) {
            choices.read(indexes, structures);
        }
    }

    private void declare(Declaration declaration) {
        Declaration earlier = declared.putIfAbsent(declaration.name(), declaration);
        if (earlier != null) {
            throw declaration.refuse(declaration.name() + " is declared already at "
                    + earlier.node().where());
        }
        if (!SuitableTypes.suits(declaration.parameter())) {
            throw declaration.refuse(SuitableTypes.explain(declaration.parameter()));
        }
    }

    private LoadedRegistry loaded(List<RawBsonDocument> stored) {
        Map<String, SearchParameter> parameters = ofFiles();
        StoredDeclarations added = new StoredDeclarations(types, choices, parameters);
        for (String type : types) {
            new FieldClashes(declared).check(added.settled(type));
        }
        List<String> remarks = new ArrayList<>();
        for (RawBsonDocument resource : StoredDeclarations.componentsFirst(stored)) {
            try {
                added.add(resource);
            } catch (ConfigurationRefused refused) {
                remarks.add(refused.getMessage() + " (it has no effect)");
            }
        }
        return new LoadedRegistry(registry(added), few(remarks));
    }

    private static List<String> few(List<String> remarks) {
        if (remarks.size() <= MOST_REMARKS) {
            return remarks;
        }
        List<String> few = new ArrayList<>(remarks.subList(0, MOST_REMARKS));
        few.add((remarks.size() - MOST_REMARKS) + " more SearchParameter resources have no effect");
        return few;
    }

    /** The standard parameters, and those of the files in their place or beside them. */
    private Map<String, SearchParameter> ofFiles() {
        Map<String, SearchParameter> parameters = new LinkedHashMap<>();
        StandardParameters.of(types).forEach(standard -> parameters.put(name(standard), choices.apply(standard)));
        for (Declaration declaration : declared.values()) {
            if (types.contains(declaration.parameter().type())) {
                SearchParameter standard = parameters.get(declaration.name());
                declaration.checkReplaces(standard);
                parameters.put(declaration.name(), declaration.parameter(choices, standard));
            }
        }
        choices.check(types, parameters.values());
        return parameters;
    }

    /** Type by type, whatever the order of the files. What is stored has the room for indexes that others leave. */
    private SearchParameterRegistry registry(StoredDeclarations added) {
        List<SearchParameter> others = new ArrayList<>();
        List<SearchParameter> stored = new ArrayList<>();
        for (String type : types) {
            List<SearchParameter> settled = added.settled(type);
            int first = added.others(type).size();
            others.addAll(settled.subList(0, first));
            stored.addAll(settled.subList(first, settled.size()));
        }
        return SearchParameterRegistry.of(types, others, stored);
    }

    static String name(SearchParameter parameter) {
        return parameter.type() + "." + parameter.code();
    }

    /** Reads the types that a declaration names; every one must be a resource type of FHIR. */
    static List<String> types(YamlNode names, Structures structures) {
        List<String> types = new ArrayList<>();
        for (String name : names.texts()) {
            if (!structures.resourceTypes().contains(name)) {
                throw unknownType(names, name, structures);
            }
            types.add(name);
        }
        return types;
    }

    static ConfigurationRefused unknownType(YamlNode node, String name, Structures structures) {
        String guess = NearestName.of(name, structures.resourceTypes())
                .map(near -> "; did you mean \"" + near + "\"?")
                .orElse("");
        return node.refuse("\"" + name + "\" is not a resource type of FHIR R4" + guess);
    }
}
