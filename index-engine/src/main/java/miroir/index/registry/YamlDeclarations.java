package miroir.index.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.index.ComputedValue;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;
import miroir.index.path.PathCompiler;
import miroir.index.structure.Structures;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/** Reads the {@code resources} of a file of {@code conf/search}. */
final class YamlDeclarations {
    private static final Pattern CODE = Pattern.compile("_?[A-Za-z][A-Za-z0-9-]{0,62}");
    private static final Pattern INDEX_NAME = Pattern.compile("[A-Za-z0-9]+(-[A-Za-z0-9]+)*");

    /** Operators of other servers may write {@code meta|lastUpdated} for what is {@code meta.lastUpdated} here. */
    private static final String STEPS = " (steps of a path are separated by \".\", alternatives by \"|\")";

    /** What FHIR itself means by these in a query, so that no parameter can be called so. */
    private static final Set<String> RESERVED = Set.of(
            "_contained",
            "_containedType",
            "_content",
            "_count",
            "_elements",
            "_filter",
            "_format",
            "_has",
            "_include",
            "_list",
            "_offset",
            "_page",
            "_pretty",
            "_query",
            "_revinclude",
            "_since",
            "_sort",
            "_summary",
            "_text",
            "_total",
            "_type");

    private final Structures structures;

    YamlDeclarations(Structures structures) {
        this.structures = structures;
    }

    List<Declaration> read(YamlNode resources) {
        List<Declaration> declarations = new ArrayList<>();
        for (YamlNode resource : resources.items()) {
            resource.allowOnly("name", "searchParams");
            List<String> types = RegistryLoader.types(resource.require("name"), structures);
            for (YamlNode parameter : resource.require("searchParams").items()) {
                types.forEach(type -> declarations.add(declaration(type, parameter)));
            }
        }
        return declarations;
    }

    private Declaration declaration(String type, YamlNode node) {
        node.allowOnly(
                "name",
                "urlParameter",
                "searchType",
                "resourcePaths",
                "indexName",
                "index",
                "sort",
                "text",
                "computed",
                "targets",
                "description",
                "definition");
        String code = code(node);
        SearchParameterType searchType = searchType(node);
        SearchParameter parameter = new SearchParameter(
                type,
                code,
                searchType,
                expression(type, node.require("resourcePaths")),
                indexName(node, code),
                false,
                false,
                description(node, "en"),
                description(node, "fr"),
                text(node, "definition"),
                targets(node, searchType),
                List.of(),
                displayTexts(node, searchType),
                computed(node, searchType),
                node.where());
        YamlNode index = node.find("index");
        YamlNode sort = node.find("sort");
        return new Declaration(parameter, node, index == null ? null : index.bool(), sort == null ? null : sort.bool());
    }

    private static String code(YamlNode node) {
        YamlNode name = node.require("name");
        YamlNode urlParameter = node.find("urlParameter");
        return checkedCode(urlParameter == null ? name : urlParameter);
    }

    /** The text of a node, if it can name a parameter. */
    static String checkedCode(YamlNode node) {
        String code = node.text();
        if (!CODE.matcher(code).matches()) {
            throw node.refuse(
                    "\"" + code + "\" cannot name a parameter: at most 63 letters, digits and hyphens are allowed");
        }
        if (RESERVED.contains(code)) {
            throw node.refuse("\"" + code + "\" has its own meaning in FHIR's queries; choose another name");
        }
        return code;
    }

    private static SearchParameterType searchType(YamlNode node) {
        YamlNode type = node.require("searchType");
        SearchParameterType searchType = type.choice(SearchParameterType.class);
        if (searchType == SearchParameterType.COMPOSITE) {
            throw type.refuse("a composite is declared as a FHIR SearchParameter, in a .json file");
        }
        return searchType;
    }

    private static String expression(String type, YamlNode paths) {
        List<String> branches = new ArrayList<>();
        for (YamlNode path : paths.items()) {
            String text =
                    path.isMapping() ? path.allowOnly("path").require("path").text() : path.text();
            String fromType = RelativePath.from(type, text);
            String problem = PathCompiler.check(type, fromType);
            if (problem != null) {
                throw path.refuse(problem + (text.contains("|") ? STEPS : ""));
            }
            branches.add(fromType);
        }
        if (branches.isEmpty()) {
            throw paths.refuse("at least one path is needed");
        }
        return String.join(" | ", branches);
    }

    /** Operators write the name of the field, {@code t_identifier}; the registry wants what follows {@code t_}. */
    private static String indexName(YamlNode node, String code) {
        YamlNode given = node.find("indexName");
        if (given == null) {
            return StandardParameters.indexName(code);
        }
        String name = given.text().startsWith("t_") ? given.text().substring(2) : given.text();
        if (!INDEX_NAME.matcher(name).matches()) {
            throw given.refuse(
                    "\"" + given.text() + "\" cannot name a field: letters, digits and single hyphens are allowed");
        }
        return name;
    }

    private List<String> targets(YamlNode node, SearchParameterType searchType) {
        YamlNode targets = node.find("targets");
        if (targets == null) {
            return List.of();
        }
        if (searchType != SearchParameterType.REFERENCE) {
            throw targets.refuse("only a parameter of type reference has targets");
        }
        return RegistryLoader.types(targets, structures);
    }

    private static boolean displayTexts(YamlNode node, SearchParameterType searchType) {
        YamlNode text = node.find("text");
        if (text == null) {
            return false;
        }
        if (searchType != SearchParameterType.TOKEN) {
            throw text.refuse("only a parameter of type token has display texts");
        }
        return text.bool();
    }

    private static @Nullable ComputedValue computed(YamlNode node, SearchParameterType searchType) {
        YamlNode computed = node.find("computed");
        if (computed == null) {
            return null;
        }
        if (searchType != SearchParameterType.TOKEN) {
            throw computed.refuse("only a parameter of type token can be computed");
        }
        return computed.choice(ComputedValue.class);
    }

    /** A description may be one text, which is English, or one in each language. */
    private static String description(YamlNode node, String language) {
        YamlNode description = node.find("description");
        if (description != null && description.isMapping()) {
            return text(description.allowOnly("en", "fr"), language);
        }
        return language.equals("en") ? text(node, "description") : "";
    }

    private static String text(YamlNode node, String key) {
        YamlNode value = node.find(key);
        return value == null ? "" : value.text().lines().map(String::strip).collect(Collectors.joining(" "));
    }
}
