package miroir.index.structure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import miroir.index.structure.FhirXml.Node;

/**
 * Writes the structure table that {@link Structures} reads, from the structure definitions of FHIR R4.
 *
 * <pre>
 * codes     number  codes, separated by spaces      systems of so many codes each: system*count system*count
 * primitive name    regular expression
 * complex   name    ancestor                        also backbone elements, named by their path
 * abstract  name    ancestor                        Resource, DomainResource
 * resource  name    ancestor
 *           element type|type(target,target)  0*sm  number of a code list
 * </pre>
 *
 * Columns are separated by tabulators. An element's flags are its minimum, {@code *} or {@code 1}, then {@code s} where
 * summaries keep it and {@code m} where it is a modifier. Elements of the ancestor are not repeated.
 */
final class StructureTable {
    static final String PROFILES = "/org/hl7/fhir/r4/model/profile/";
    private static final String DEFINITION = "http://hl7.org/fhir/StructureDefinition/";
    private static final Set<String> ANCESTORS = Set.of("Element", "BackboneElement", "Resource", "DomainResource");

    private final ValueSetCodes valueSets = new ValueSetCodes();
    private final Map<String, Integer> codeLists = new LinkedHashMap<>();
    private final Map<String, String> types = new TreeMap<>();

    static String generate() {
        StructureTable table = new StructureTable();
        FhirXml.forEachResource(PROFILES + "profiles-types.xml", table::add);
        FhirXml.forEachResource(PROFILES + "profiles-resources.xml", table::add);
        return table.text();
    }

    private String text() {
        StringBuilder out = new StringBuilder("#\tFHIR R4 structures, written by StructureTable; do not edit\n");
        codeLists.forEach((codes, number) -> out.append("codes\t%d\t%s\n".formatted(number, codes)));
        types.values().forEach(out::append);
        return out.toString();
    }

    private void add(Node definition) {
        if (!definition.name().equals("StructureDefinition")
                || definition.text("derivation").equals("constraint")
                || definition.text("name").equals("MetadataResource")) {
            return;
        }
        List<Node> elements = definition.all("snapshot").get(0).all("element");
        if (definition.text("kind").equals("primitive-type")) {
            String name = definition.text("name");
            types.put(name, "primitive\t%s\t%s\n".formatted(name, regex(elements)));
        } else {
            addComplex(definition, elements);
        }
    }

    /** One block for the type itself and one per element that has elements of its own. */
    private void addComplex(Node definition, List<Node> elements) {
        Map<String, List<Node>> children = elements.stream()
                .filter(element -> element.text("path").contains("."))
                .collect(Collectors.groupingBy(element -> parent(element.text("path"))));
        for (Node element : elements) {
            String path = element.text("path");
            List<Node> own = children.getOrDefault(path, List.of());
            if (!path.contains(".")) {
                types.put(path, block(kind(definition), path, ancestor(definition), own, children.keySet()));
            } else if (!own.isEmpty()) {
                String ancestor = element.all("type").get(0).text("code");
                types.put(path, block("complex", path, ancestor, own, children.keySet()));
            }
        }
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('.'));
    }

    private static String kind(Node definition) {
        if (!definition.text("kind").equals("resource")) {
            return "complex";
        }
        return definition.text("abstract").equals("true") ? "abstract" : "resource";
    }

    /** Only the four abstract types count: a specialised Quantity lists all its elements. */
    private static String ancestor(Node definition) {
        String base = definition.text("baseDefinition").replace(DEFINITION, "");
        return ANCESTORS.contains(base) ? base : base.isEmpty() ? "" : "Element";
    }

    private String block(String kind, String name, String ancestor, List<Node> own, Set<String> backbones) {
        StringBuilder out = new StringBuilder("%s\t%s\t%s\n".formatted(kind, name, ancestor));
        for (Node element : own) {
            String path = element.text("path");
            String declaredBy = element.all("base").get(0).text("path").replaceFirst("\\..*", "");
            if (!ANCESTORS.contains(declaredBy) || declaredBy.equals(name)) {
                out.append(line(element, path, backbones.contains(path)));
            }
        }
        return out.toString();
    }

    private String line(Node element, String path, boolean backbone) {
        String flags = element.text("min")
                + (element.text("max").equals("1") ? "1" : "*")
                + (element.text("isSummary").equals("true") ? "s" : "")
                + (element.text("isModifier").equals("true") ? "m" : "");
        return "\t%s\t%s\t%s\t%s\n"
                .formatted(
                        path.substring(path.lastIndexOf('.') + 1),
                        backbone ? path : types(element, path),
                        flags,
                        codes(element));
    }

    private static String types(Node element, String path) {
        if (element.has("contentReference")) {
            return element.text("contentReference").substring(1);
        }
        if (path.equals("Resource.id")) {
            return "id"; // the definition says string, against the text of the specification
        }
        return element.all("type").stream().map(StructureTable::type).collect(Collectors.joining("|"));
    }

    private static String type(Node type) {
        String code = type.text("code");
        if (code.startsWith("http://hl7.org/fhirpath/")) {
            return extension(type, "structuredefinition-fhir-type");
        }
        List<String> targets = type.all("targetProfile").stream()
                .map(target -> target.value().replace(DEFINITION, ""))
                .toList();
        return targets.isEmpty() || targets.contains("Resource") ? code : code + "(" + String.join(",", targets) + ")";
    }

    private String codes(Node element) {
        boolean code =
                element.all("type").stream().anyMatch(type -> type.text("code").equals("code"));
        return element.all("binding").stream()
                .filter(binding -> code && binding.text("strength").equals("required"))
                .map(binding -> valueSets.of(binding.text("valueSet")))
                .filter(codes -> !codes.isEmpty())
                .map(codes -> String.valueOf(codeLists.computeIfAbsent(text(codes), c -> codeLists.size() + 1)))
                .findFirst()
                .orElse("");
    }

    /** Two columns: the codes, and their systems in runs, since a value set names one system after the other. */
    private static String text(Map<String, String> codes) {
        StringBuilder runs = new StringBuilder();
        String last = null;
        int count = 0;
        for (String system : codes.values()) {
            if (!system.equals(last) && last != null) {
                runs.append(last).append('*').append(count).append(' ');
                count = 0;
            }
            last = system;
            count++;
        }
        return String.join(" ", codes.keySet()) + "\t" + runs + last + "*" + count;
    }

    private static String regex(List<Node> elements) {
        return elements.stream()
                .filter(element -> element.text("path").endsWith(".value"))
                .flatMap(element -> element.all("type").stream())
                .map(type -> extension(type, "regex"))
                .collect(Collectors.joining());
    }

    private static String extension(Node holder, String name) {
        return holder.all("extension").stream()
                .filter(extension -> extension.url().equals(DEFINITION + name))
                .map(extension -> extension.children().get(0).value())
                .collect(Collectors.joining());
    }
}
