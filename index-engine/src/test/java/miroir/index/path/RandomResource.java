package miroir.index.path;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;

/**
 * Resources made from the structure tables, with what examples seldom have: every form of a choice, primitives with
 * extensions only, nulls in arrays, empty arrays, contained resources and references to them.
 */
final class RandomResource {
    private static final int DEEPEST = 6;

    private final Random random;
    private final AtomicInteger counter = new AtomicInteger();

    RandomResource(Random random) {
        this.random = random;
    }

    String json(String type) {
        return object(type, 0, type);
    }

    private String object(String type, int depth, String resourceType) {
        TypeDefinition definition = Structures.r4().type(type);
        if (definition == null) {
            throw new IllegalStateException("unknown type " + type);
        }
        StringJoiner members = new StringJoiner(",", "{", "}");
        if (definition.kind() == TypeDefinition.Kind.RESOURCE) {
            members.add(quoted("resourceType") + ":" + quoted(type));
        }
        for (ElementDefinition element : oneFormEach(definition).values()) {
            if (isWanted(element, type, depth)) {
                addElement(members, element, depth, resourceType);
            }
        }
        return members.toString();
    }

    private Map<String, ElementDefinition> oneFormEach(TypeDefinition definition) {
        Map<String, ElementDefinition> chosen = new TreeMap<>();
        for (ElementDefinition element : definition.elements().values()) {
            if (!chosen.containsKey(element.choice()) || random.nextInt(4) == 0) {
                chosen.put(element.choice(), element);
            }
        }
        return chosen;
    }

    private boolean isWanted(ElementDefinition element, String type, int depth) {
        return switch (element.name()) {
            case "id" -> depth == 0;
            case "contained" -> depth == 0 && !type.equals("Bundle") && random.nextInt(3) == 0;
            case "text", "meta", "implicitRules", "language" ->
                depth == 0 && random.nextInt(4) == 0 && !element.type().equals("Narrative");
            case "extension", "modifierExtension" -> depth < 2 && random.nextInt(12) == 0;
            case "url" -> true;
            default -> depth < DEEPEST && random.nextInt(depth < 2 ? 2 : 2 + depth) == 0;
        };
    }

    private void addElement(StringJoiner members, ElementDefinition element, int depth, String resourceType) {
        TypeDefinition type = Structures.r4().type(element.type());
        if (element.name().equals("contained")) {
            members.add("\"contained\":[" + contained("c1", depth) + "," + contained("c2", depth) + "]");
        } else if (type != null && type.kind() == TypeDefinition.Kind.PRIMITIVE) {
            addPrimitive(members, element);
        } else if (type != null && type.kind() == TypeDefinition.Kind.COMPLEX) {
            String value = element.type().equals("Reference")
                    ? reference(element)
                    : object(element.type(), depth + 1, resourceType);
            members.add(quoted(element.name()) + ":"
                    + (element.many() ? many(value, element, depth, resourceType) : value));
        } else if (element.type().equals("Resource")) {
            members.add(quoted(element.name()) + ":" + contained("r" + counter.incrementAndGet(), depth));
        }
    }

    private String many(String first, ElementDefinition element, int depth, String resourceType) {
        if (random.nextInt(10) == 0) {
            return "[]";
        }
        if (random.nextBoolean()) {
            return "[" + first + "]";
        }
        String second = element.type().equals("Reference")
                ? reference(element)
                : object(element.type(), depth + 1, resourceType);
        return "[" + first + "," + second + "]";
    }

    private String contained(String id, int depth) {
        List<String> types = List.of("Patient", "Practitioner", "Organization", "Location", "Device", "Medication");
        String type = types.get(random.nextInt(types.size()));
        return "{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\""
                + (depth < 2 && !type.equals("Medication") ? ",\"identifier\":[{\"value\":\"" + id + "\"}]}" : "}");
    }

    private String reference(ElementDefinition element) {
        String target = element.targets().isEmpty()
                ? "Patient"
                : element.targets().get(random.nextInt(element.targets().size()));
        target = target.equals("Resource") || target.equals("Any") ? "Patient" : target;
        return switch (random.nextInt(8)) {
            case 0 -> "{\"reference\":\"#c" + (1 + random.nextInt(2)) + "\"}";
            case 1 -> "{\"reference\":\"http://x.org/fhir/" + target + "/7\"}";
            case 2 -> "{\"reference\":\"" + target + "/8/_history/2\"}";
            case 3 -> "{\"display\":\"only\"}";
            case 4 -> "{\"reference\":\"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0\"}";
            default -> "{\"reference\":\"" + target + "/" + counter.incrementAndGet() + "\",\"display\":\"d\"}";
        };
    }

    private void addPrimitive(StringJoiner members, ElementDefinition element) {
        String name = quoted(element.name());
        String beside = quoted("_" + element.name());
        String extension = "{\"extension\":[{\"url\":\"http://e\",\"valueString\":\"x\"}]}";
        if (element.name().equals("id") || element.name().equals("url")) {
            members.add(name + ":" + primitive(element));
            return;
        }
        switch (random.nextInt(8)) {
            case 0 -> members.add(beside + ":" + (element.many() ? "[" + extension + "]" : extension));
            case 1 ->
                members.add(
                        element.many()
                                ? name + ":[" + primitive(element) + ",null]," + beside + ":[null," + extension + "]"
                                : name + ":" + primitive(element) + "," + beside + ":" + extension);
            default -> members.add(name + ":" + (element.many() ? "[" + primitive(element) + "]" : primitive(element)));
        }
    }

    private String primitive(ElementDefinition element) {
        int n = counter.incrementAndGet();
        return switch (element.type()) {
            case "boolean" -> String.valueOf(random.nextBoolean());
            case "integer", "unsignedInt", "positiveInt" -> String.valueOf(n);
            case "decimal" -> n + ".5" + random.nextInt(10) + "0";
            case "date" -> "\"2020-0" + (1 + n % 9) + "\"";
            case "dateTime" -> "\"2021-0" + (1 + n % 9) + "-02\"";
            case "instant" -> "\"2022-01-0" + (1 + n % 9) + "T10:00:00.5Z\"";
            case "time" -> "\"10:00:00\"";
            case "base64Binary" -> "\"AAAA\"";
            case "code" ->
                quoted(
                        element.codes().isEmpty()
                                ? "c" + n
                                : element.codes()
                                        .get(random.nextInt(element.codes().size())));
            case "id" -> "\"i" + n + "\"";
            case "uuid" -> "\"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0\"";
            case "oid" -> "\"urn:oid:1.2." + n + "\"";
            case "uri", "url", "canonical" -> "\"http://u.org/" + n + (random.nextBoolean() ? "|" + n : "") + "\"";
            default -> "\"s " + n + "\"";
        };
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
