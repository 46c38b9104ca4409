package miroir.index.view;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.path.TypeNames;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/** Reads {@code column} elements. */
final class ColumnReader {
    static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");

    /** The tag by which a column says what it is in SQL; it makes a column of what has parts one of JSON. */
    static final String SQL_TYPE = "ansi/type";

    private static final String JSON = "JSON";

    /** A type is named by its name, or by its URL. */
    private static final String URI = "http://hl7.org/fhir/StructureDefinition/";

    private static final String ROW_INDEX = "%rowIndex";
    private static final Set<String> WHOLE = Set.of("integer", "positiveInt", "unsignedInt");

    private final Surroundings surroundings;

    ColumnReader(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    Cell read(YamlNode node, int at, int level, Set<String> types) {
        node.allowOnly("id", "extension", "path", "name", "description", "collection", "type", "tag");
        YamlNode path = node.require("path");
        Typed typed = ExpressionCompiler.compile(path, surroundings, types);
        Column column = column(node, path, typed);
        return new Cell(at, level, column, typed.path(), path.text().strip().equals(ROW_INDEX));
    }

    private static Column column(YamlNode node, YamlNode path, Typed typed) {
        String name = name(node.require("name"));
        YamlNode collection = node.find("collection");
        boolean isCollection = collection != null && collection.bool();
        if (isJson(node)) {
            if (!typed.isOnly(Kind.COMPLEX)) {
                throw path.refuse("a column of JSON is of what has parts, and this is " + typed.shownTypes());
            }
            return new Column(name, typed.shownTypes(), Column.Form.JSON, isCollection);
        }
        YamlNode declared = node.find("type");
        String type = declared == null ? inferred(path, typed) : declared(declared, typed);
        return new Column(name, type, form(type), isCollection);
    }

    private static String name(YamlNode node) {
        if (!NAME.matcher(node.text()).matches()) {
            throw node.refuse("\"" + Refusal.shown(node.text())
                    + "\" is no name of a column: a letter, then up to 62 letters, digits" + " and underscores");
        }
        return node.text();
    }

    private static boolean isJson(YamlNode node) {
        YamlNode tags = node.find("tag");
        if (tags == null) {
            return false;
        }
        boolean isJson = false;
        for (YamlNode tag : tags.items()) {
            tag.allowOnly("id", "extension", "name", "value");
            String value = tag.require("value").text();
            isJson |= tag.require("name").text().equals(SQL_TYPE)
                    && value.toUpperCase(Locale.ROOT).equals(JSON);
        }
        return isJson;
    }

    private static Column.Form form(String type) {
        return switch (Kind.of(type)) {
            case TRUTH -> Column.Form.BOOLEAN;
            case NUMBER -> WHOLE.contains(type) ? Column.Form.INTEGER : Column.Form.DECIMAL;
            default -> Column.Form.TEXT;
        };
    }

    private static String inferred(YamlNode path, Typed typed) {
        requireWithoutParts(path, typed);
        Set<String> types = new TreeSet<>(typed.types());
        if (types.size() == 1) {
            return types.iterator().next();
        }
        if (typed.kinds().stream().allMatch(Kind::isText)) {
            return "string";
        }
        if (typed.isOnly(Kind.NUMBER)) {
            return WHOLE.containsAll(types) ? "integer" : "decimal";
        }
        throw path.refuse("the path can give " + typed.shownTypes() + "; narrow it by .ofType(…)");
    }

    private static String declared(YamlNode node, Typed typed) {
        String type = node.text().startsWith(URI) ? node.text().substring(URI.length()) : node.text();
        if (!TypeNames.isPrimitive(type)) {
            throw node.refuse("\"" + Refusal.shown(type)
                    + "\" is no primitive type of FHIR R4; a column of what has parts says" + " \"tag\": [{\"name\": \""
                    + SQL_TYPE + "\", \"value\": \"" + JSON + "\"}] instead of a type");
        }
        requireWithoutParts(node, typed);
        if (!fits(type, typed)) {
            throw node.refuse("the column is declared as " + type + ", and its path gives " + typed.shownTypes());
        }
        return type;
    }

    private static boolean fits(String type, Typed typed) {
        return switch (form(type)) {
            case BOOLEAN -> typed.isOnly(Kind.TRUTH);
            case DECIMAL -> typed.isOnly(Kind.NUMBER);
            case INTEGER -> WHOLE.containsAll(typed.types());
            default -> typed.kinds().stream().allMatch(Kind::isText);
        };
    }

    private static void requireWithoutParts(YamlNode node, Typed typed) {
        if (typed.kinds().contains(Kind.COMPLEX)) {
            throw node.refuse("a column is of what has no parts, and the path gives " + typed.shownTypes()
                    + "; name a part, narrow it by .ofType(…), or have it as JSON: \"tag\": [{\"name\": \"" + SQL_TYPE
                    + "\", \"value\": \"" + JSON + "\"}]");
        }
    }

    /** Null where both are the same. */
    static @Nullable String difference(Column one, Column other) {
        boolean isSame =
                one.name().equals(other.name()) && one.form() == other.form() && one.collection() == other.collection();
        return isSame ? null : shown(one) + " and " + shown(other);
    }

    private static String shown(Column column) {
        return column.name() + " (" + column.type() + (column.collection() ? ", collection)" : ")");
    }
}
