package miroir.index.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import miroir.index.NearestName;
import miroir.index.SearchParameter;
import miroir.index.SearchParameter.Component;
import miroir.index.SearchParameterType;
import miroir.index.path.PathCompiler;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/** Reads SearchParameter resources, alone or in a Bundle, as implementation guides publish them. */
final class FhirDeclarations {
    static final Set<String> EVERY_TYPE = Set.of("Resource", "DomainResource");

    private final Structures structures;
    private final Set<String> types;
    private final Collection<SearchParameter> earlier;

    /**
     * Reads what is said of these types.
     *
     * @param earlier those that components of composites may be, besides the standard ones
     */
    FhirDeclarations(Structures structures, Set<String> types, Collection<SearchParameter> earlier) {
        this.structures = structures;
        this.types = types;
        this.earlier = earlier;
    }

    List<Declaration> read(YamlNode resource) {
        YamlNode type = resource.require("resourceType");
        if (type.text().equals("SearchParameter")) {
            return declarations(resource);
        }
        if (!type.text().equals("Bundle")) {
            throw type.refuse("\"" + type.text() + "\" is not read here; allowed are SearchParameter, Bundle");
        }
        List<Declaration> declarations = new ArrayList<>();
        for (YamlNode entry : resource.require("entry").items()) {
            declarations.addAll(read(entry.require("resource")));
        }
        return declarations;
    }

    private List<Declaration> declarations(YamlNode node) {
        checkElements(node);
        YamlNode expression = node.require("expression");
        List<Declaration> declarations = new ArrayList<>();
        for (String type : bases(node.require("base"))) {
            String code = YamlDeclarations.checkedCode(node.require("code"));
            SearchParameterType searchType = node.require("type").choice(SearchParameterType.class);
            SearchParameter parameter = new SearchParameter(
                    type,
                    code,
                    searchType,
                    ofType(type, expression),
                    StandardParameters.indexName(code),
                    false,
                    false,
                    text(node, "description"),
                    text(node, "url"),
                    targets(node),
                    components(node, type, searchType),
                    node.where());
            String problem = PathCompiler.check(parameter);
            if (problem != null) {
                throw expression.refuse(problem);
            }
            declarations.add(new Declaration(parameter, expression, null, null));
        }
        return declarations;
    }

    private void checkElements(YamlNode node) {
        TypeDefinition definition = structures.type("SearchParameter");
        List<String> known = new ArrayList<>(List.of("resourceType"));
        if (definition != null) {
            known.addAll(definition.elements().keySet());
        }
        node.entries().forEach((key, value) -> {
            if (!known.contains(key.replaceFirst("^_", ""))) {
                throw value.refuse("unknown element; " + NearestName.hint(key, known));
            }
        });
    }

    private List<String> bases(YamlNode base) {
        List<String> named = new ArrayList<>();
        for (YamlNode item : base.items()) {
            if (EVERY_TYPE.contains(item.text())) {
                named.addAll(structures.resourceTypes());
            } else {
                named.addAll(RegistryLoader.types(item, structures));
            }
        }
        return named.stream().distinct().filter(types::contains).toList();
    }

    /** The branches of a union that concern the type: those that name it, or name no type at all. */
    private String ofType(String type, YamlNode expression) {
        List<String> branches = RelativePath.branchesOf(type, expression.text(), structures.resourceTypes());
        if (branches.isEmpty()) {
            throw expression.refuse("no part of the expression selects anything of " + type);
        }
        return String.join(" | ", branches);
    }

    private List<String> targets(YamlNode node) {
        YamlNode targets = node.find("target");
        return targets == null || targets.texts().contains("Resource")
                ? List.of()
                : RegistryLoader.types(targets, structures);
    }

    private List<Component> components(YamlNode node, String type, SearchParameterType searchType) {
        YamlNode components = node.find("component");
        if (components == null) {
            if (searchType == SearchParameterType.COMPOSITE) {
                throw node.require("type").refuse("a composite needs components");
            }
            return List.of();
        }
        List<Component> read = new ArrayList<>();
        for (YamlNode component : components.items()) {
            SearchParameter part = find(type, component.require("definition").text());
            if (part == null) {
                throw component.require("definition").refuse("no parameter of " + type + " has this definition");
            }
            read.add(new Component(
                    part.code(),
                    part.searchType(),
                    component.require("expression").text()));
        }
        return read;
    }

    private @Nullable SearchParameter find(String type, String definition) {
        for (SearchParameter declared : earlier) {
            if (is(declared, type, definition)) {
                return declared;
            }
        }
        for (SearchParameter standard : StandardParameters.of(Set.of(type))) {
            if (is(standard, type, definition)) {
                return standard;
            }
        }
        return null;
    }

    private static boolean is(SearchParameter parameter, String type, String definition) {
        return parameter.type().equals(type) && parameter.definition().equals(definition);
    }

    private static String text(YamlNode node, String key) {
        YamlNode value = node.find(key);
        return value == null ? "" : value.text();
    }
}
