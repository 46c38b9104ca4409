package miroir.index.xml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;

/**
 * Resources that the check of structure accepts, with elements in the order of their definition, made from the structure
 * tables: required elements always, others by chance. They have what is lost easily: decimals with a scale, letters of
 * every length in UTF-8, line ends in values, primitives with id and extensions, nulls in arrays, narrative, contained
 * resources.
 */
public final class ValidResource {
    private static final int DEEPEST = 4;
    private static final List<String> TEXTS =
            List.of("Dupont", "é漢😀\u2028\uFFFD", "a\\nb\\tc\\r", "\\\"<&>'\\\\]]>", " in spaces ", "\u00a0&nbsp;&#1;");
    private static final List<String> DECIMALS =
            List.of("1.10", "0.0000001", "-0.0", "1E+3", "100", "0", "1234567890123456789012345678901234", "9.99E-80");
    private static final String DIV = "<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">";
    private static final List<String> NARRATIVES = List.of(
            DIV + "<p class=\\\"a&quot;b\\\">é😀 &amp; &lt;b&gt;<br/></p><td></td></div>",
            DIV + "</div>",
            DIV + "\\n  <!-- a comment --><b xml:lang=\\\"fr\\\">\\\"x\\\"</b>\\n</div>");

    private static final String NULL = "null";
    private static final String ONLY_ID = "{\"id\":\"x\"}";

    private final Random random;
    private int counter;

    public ValidResource(Random random) {
        this.random = random;
    }

    /** A resource of that type, as the one-line JSON that this server writes. */
    public String json(String type, String id) {
        return resource(type, id, 0);
    }

    private String resource(String type, String id, int depth) {
        StringJoiner members = new StringJoiner(",", "{", "}");
        members.add("\"resourceType\":\"" + type + '"').add("\"id\":\"" + id + '"');
        addElements(members, definition(type), depth);
        return members.toString();
    }

    private String object(String type, int depth) {
        if (type.equals("Extension")) {
            return extension(depth);
        }
        if (type.equals("Narrative")) {
            return "{\"status\":\"generated\",\"div\":\"" + pick(NARRATIVES) + "\"}";
        }
        StringJoiner members = new StringJoiner(",", "{", "}");
        members.setEmptyValue("{\"id\":\"e" + ++counter + "\"}");
        if (random.nextInt(8) == 0) {
            members.add("\"id\":\"e" + ++counter + '"');
        }
        addElements(members, definition(type), depth);
        return members.toString();
    }

    private String extension(int depth) {
        String url = "{\"url\":\"http://e.org/" + ++counter + "\",";
        if (depth < DEEPEST && random.nextInt(3) == 0) {
            return url + "\"extension\":[" + extension(depth + 1) + "]}";
        }
        return url
                + switch (random.nextInt(4)) {
                    case 0 -> "\"valueDecimal\":" + pick(DECIMALS) + "}";
                    case 1 -> "\"valueBoolean\":false}";
                    case 2 -> "\"_valueString\":{\"id\":\"v\"}}";
                    default -> "\"valueString\":\"" + pick(TEXTS) + "\"}";
                };
    }

    private void addElements(StringJoiner members, TypeDefinition definition, int depth) {
        for (ElementDefinition element : oneFormEach(definition).values()) {
            if (isWanted(element, depth)) {
                add(members, element, depth);
            }
        }
    }

    private Map<String, ElementDefinition> oneFormEach(TypeDefinition definition) {
        Map<String, ElementDefinition> chosen = new LinkedHashMap<>();
        for (ElementDefinition element : definition.elements().values()) {
            if (!chosen.containsKey(element.choice()) || random.nextInt(5) == 0) {
                chosen.put(element.choice(), element);
            }
        }
        return chosen;
    }

    private boolean isWanted(ElementDefinition element, int depth) {
        return switch (element.name()) {
            case "id" -> false;
            case "contained" -> depth == 0 && random.nextInt(3) == 0;
            case "extension", "modifierExtension" -> depth < DEEPEST && random.nextInt(6) == 0;
            default -> element.min() > 0 || (depth < DEEPEST && random.nextInt(2 + 2 * depth) == 0);
        };
    }

    private void add(StringJoiner members, ElementDefinition element, int depth) {
        String name = '"' + element.name() + "\":";
        if (element.type().equals("Resource")) {
            String resource = resource("Basic", "c" + ++counter, DEEPEST);
            members.add(name + (element.many() ? array(resource) : resource));
        } else if (definition(element.type()).kind() == TypeDefinition.Kind.PRIMITIVE) {
            addPrimitive(members, element);
        } else if (element.many()) {
            String first = object(element.type(), depth + 1);
            String second = object(element.type(), depth + 1);
            members.add(name + (random.nextBoolean() ? array(first) : array(first, second)));
        } else {
            members.add(name + object(element.type(), depth + 1));
        }
    }

    private void addPrimitive(StringJoiner members, ElementDefinition element) {
        String name = '"' + element.name() + "\":";
        String beside = "\"_" + element.name() + "\":";
        String extension = "{\"id\":\"p" + ++counter + "\",\"extension\":[" + extension(DEEPEST) + "]}";
        String value = primitive(element);
        boolean many = element.many();
        switch (random.nextInt(10)) {
            case 0 -> members.add(many ? name + array(NULL) + "," + beside + array(extension) : beside + extension);
            case 1 ->
                members.add(name + (many ? array(value, NULL) : value))
                        .add(beside + (many ? array(NULL, extension) : extension));
            case 2 ->
                members.add(name + (many ? array(NULL, value) : value))
                        .add(beside + (many ? array(extension, ONLY_ID) : ONLY_ID));
            default -> members.add(name + (many ? array(value) : value));
        }
    }

    private static String array(String... items) {
        return '[' + String.join(",", items) + ']';
    }

    private String primitive(ElementDefinition element) {
        int n = ++counter;
        return switch (element.type()) {
            case "boolean" -> String.valueOf(random.nextBoolean());
            case "integer" -> String.valueOf(-n);
            case "unsignedInt", "positiveInt" -> String.valueOf(n);
            case "decimal" -> pick(DECIMALS);
            case "date" -> "\"2020-0" + (1 + n % 9) + '"';
            case "dateTime" -> "\"2021-02-0" + (1 + n % 9) + "T10:00:00.120+01:00\"";
            case "instant" -> "\"2022-01-0" + (1 + n % 9) + "T10:00:00.50Z\"";
            case "time" -> "\"10:00:00\"";
            case "base64Binary" -> "\"AAAA\"";
            case "code" -> '"' + (element.codes().isEmpty() ? "c" + n : pick(element.codes())) + '"';
            case "id" -> "\"i" + n + '"';
            case "uuid" -> "\"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0\"";
            case "oid" -> "\"urn:oid:1.2." + n + '"';
            case "uri", "url", "canonical" -> "\"http://u.org/é?a=1&b=" + n + '"';
            default -> '"' + pick(TEXTS) + '"';
        };
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static TypeDefinition definition(String name) {
        TypeDefinition definition = Structures.r4().type(name);
        if (definition == null) {
            throw new IllegalStateException("unknown type " + name);
        }
        return definition;
    }
}
