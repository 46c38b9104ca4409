package miroir.index.view;

import java.util.List;
import java.util.Set;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.structure.Structures;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ViewDefinition, and compiles it. What is not understood, and what could only give wrong rows, is refused with the place and what is allowed; a
 * {@link miroir.index.yaml.ConfigurationRefused} says it.
 */
public final class ReadView {
    private static final String TYPE = "ViewDefinition";
    private static final int MOST_CONDITIONS = 100;

    /** What it is made of, and what is said about it. */
    private static final String[] ELEMENTS = {
        "resourceType",
        "id",
        "meta",
        "language",
        "text",
        "extension",
        "url",
        "identifier",
        "version",
        "versionAlgorithmString",
        "versionAlgorithmCoding",
        "name",
        "title",
        "status",
        "experimental",
        "date",
        "publisher",
        "contact",
        "description",
        "useContext",
        "jurisdiction",
        "purpose",
        "copyright",
        "copyrightLabel",
        "profile",
        "fhirVersion",
        "resource",
        "constant",
        "where",
        "select"
    };

    private final Keys keys;

    /**
     * Reads views of what a server stores.
     *
     * @param ownBases how absolute references to its resources begin
     */
    public ReadView(Set<String> ownBases) {
        this.keys = new Keys(ownBases);
    }

    /** The view that stands there. */
    public View read(YamlNode node) {
        node.allowOnly(ELEMENTS);
        YamlNode type = node.find("resourceType");
        if (type != null && !type.text().equals(TYPE)) {
            throw type.refuse("a " + TYPE + " is expected, and this is a " + Refusal.shown(type.text()));
        }
        String resourceType = resourceType(node.require("resource"));
        Surroundings surroundings = new Surroundings(resourceType, ConstantReader.all(node.find("constant")), keys);
        return new View(
                text(node, "id"),
                text(node, "url"),
                text(node, "version"),
                name(node),
                text(node, "title"),
                compiled(node, surroundings));
    }

    private static String resourceType(YamlNode node) {
        Set<String> known = Structures.r4().resourceTypes();
        if (!known.contains(node.text())) {
            throw node.refuse("\"" + Refusal.shown(node.text()) + "\" is no resource type of FHIR R4"
                    + NearestName.of(node.text(), known)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse(""));
        }
        return node.text();
    }

    private static @Nullable String name(YamlNode node) {
        YamlNode name = node.find("name");
        if (name != null && !ColumnReader.NAME.matcher(name.text()).matches()) {
            throw name.refuse("\"" + Refusal.shown(name.text())
                    + "\" is no name of a view: a letter, then up to 62 letters, digits and" + " underscores");
        }
        return name == null ? null : name.text();
    }

    private static @Nullable String text(YamlNode node, String key) {
        YamlNode value = node.find(key);
        return value == null ? null : value.text();
    }

    private static CompiledView compiled(YamlNode node, Surroundings surroundings) {
        SelectReader reader = new SelectReader(surroundings);
        YamlNode select = node.require("select");
        SelectPart whole = new SelectPart(
                0,
                List.of(),
                reader.all(select, SelectReader.Place.first(surroundings.resourceType())),
                List.of(),
                null);
        List<Column> columns = SelectReader.distinct(select, whole.selects());
        if (columns.isEmpty()) {
            throw select.refuse("there is nothing in it");
        }
        return new CompiledView(
                surroundings.resourceType(),
                columns,
                where(node.find("where"), surroundings),
                whole.before(Run::emit),
                reader.levels());
    }

    private static Truth where(@Nullable YamlNode list, Surroundings surroundings) {
        Truth all = (focus, rowIndex) -> true;
        if (list == null) {
            return all;
        }
        if (list.items().size() > MOST_CONDITIONS) {
            throw list.refuse("there are too many of them; allowed are " + MOST_CONDITIONS);
        }
        for (YamlNode condition : list.items()) {
            condition.allowOnly("id", "extension", "path", "description");
            Truth one = ExpressionCompiler.condition(
                    condition.require("path"), surroundings, Set.of(surroundings.resourceType()));
            all = Truth.and(all, one);
        }
        return all;
    }
}
