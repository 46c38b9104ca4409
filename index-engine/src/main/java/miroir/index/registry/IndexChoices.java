package miroir.index.registry;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.NearestName;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;
import miroir.index.structure.Structures;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code indexes} of the files say: for a type, which parameters have an index, which can be sorted by, and of which display texts are found. A
 * type that is not named has those of {@code default} that it knows.
 */
final class IndexChoices {
    private static final String DEFAULT = "default";
    private static final List<String> ALL = List.of("all");

    private final Map<String, Choice> byType = new LinkedHashMap<>();

    /** The lists of one type; {@code all} stands for every parameter. */
    private record Choice(YamlNode node, List<String> indexed, List<String> sortable, List<String> texts) {
        boolean indexes(String code) {
            return indexed.equals(ALL) || indexed.contains(code);
        }
    }

    void read(YamlNode indexes, Structures structures) {
        indexes.entries().forEach((type, node) -> {
            if (!type.equals(DEFAULT) && !structures.resourceTypes().contains(type)) {
                throw RegistryLoader.unknownType(node, type, structures);
            }
            node.allowOnly("index", "sort", "text");
            Choice earlier =
                    byType.put(type, new Choice(node, codes(node, "index"), codes(node, "sort"), codes(node, "text")));
            if (earlier != null) {
                throw node.refuse("stands already at " + earlier.node().where());
            }
        });
    }

    SearchParameter apply(SearchParameter parameter) {
        Choice choice = of(parameter.type());
        if (choice == null) {
            return parameter;
        }
        String code = parameter.code();
        boolean hasTexts = parameter.searchType() == SearchParameterType.TOKEN
                && choice.texts().contains(code);
        return parameter.with(choice.indexes(code), choice.sortable().contains(code), parameter.text() || hasTexts);
    }

    /** Every code that a served type's own lists name must be among its parameters; those of the default need not. */
    void check(Set<String> served, Collection<SearchParameter> parameters) {
        byType.forEach((type, choice) -> {
            if (served.contains(type)) {
                List<String> known = parameters.stream()
                        .filter(parameter -> parameter.type().equals(type))
                        .map(SearchParameter::code)
                        .toList();
                check(type, known, choice, "index", choice.indexed());
                check(type, known, choice, "sort", choice.sortable());
                check(type, known, choice, "text", choice.texts());
            }
        });
    }

    private static void check(String type, List<String> known, Choice choice, String key, List<String> codes) {
        for (String code : codes) {
            if (!codes.equals(ALL) && !known.contains(code)) {
                throw choice.node()
                        .require(key)
                        .refuse(type + " has no parameter \"" + code + "\"; " + NearestName.hint(code, known));
            }
        }
    }

    private @Nullable Choice of(String type) {
        Choice choice = byType.get(type);
        return choice == null ? byType.get(DEFAULT) : choice;
    }

    private static List<String> codes(YamlNode node, String key) {
        YamlNode list = node.find(key);
        return list == null ? List.of() : list.texts();
    }
}
