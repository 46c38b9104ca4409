package miroir.index.terminology;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import miroir.index.path.RawValue;
import org.jspecify.annotations.Nullable;

/** Reads a CodeSystem resource. */
final class ReadCodeSystem {
    private static final String PARENT = "http://hl7.org/fhir/concept-properties#parent";
    private static final String CHILD = "http://hl7.org/fhir/concept-properties#child";
    private static final List<String> VALUES =
            List.of("valueCode", "valueString", "valueInteger", "valueBoolean", "valueDateTime", "valueDecimal");

    private final Map<String, CodeSystem.Concept> concepts = new LinkedHashMap<>();
    private final Map<String, Set<String>> parents = new LinkedHashMap<>();
    private final Map<String, Set<String>> children = new LinkedHashMap<>();
    private final Set<String> parentProperties = new HashSet<>(Set.of("parent", "subsumedBy"));
    private final Set<String> childProperties = new HashSet<>(Set.of("child"));

    private ReadCodeSystem() {}

    static CodeSystem of(RawValue resource) {
        return new ReadCodeSystem().read(resource);
    }

    private CodeSystem read(RawValue resource) {
        for (RawValue property : resource.all("property")) {
            String code = property.text("code");
            String uri = property.text("uri");
            if (code != null && uri != null) {
                addProperty(code, uri);
            }
        }
        resource.all("concept").forEach(concept -> readConcept(concept, null));
        String url = Objects.requireNonNullElse(resource.text("url"), "");
        String title = resource.text("title") == null ? resource.text("name") : resource.text("title");
        return new CodeSystem(
                url,
                resource.text("version"),
                title == null ? url : title,
                "complete".equals(resource.text("content")),
                concepts,
                parents,
                children);
    }

    private void addProperty(String code, String uri) {
        if (uri.equals(PARENT)) {
            parentProperties.add(code);
        } else if (uri.equals(CHILD)) {
            childProperties.add(code);
        }
    }

    private void readConcept(RawValue concept, @Nullable String nestedIn) {
        String code = concept.text("code");
        if (code == null) {
            return;
        }
        if (nestedIn != null) {
            link(nestedIn, code);
        }
        Map<String, List<String>> properties = new LinkedHashMap<>();
        for (String text : List.of(CodeSystem.DISPLAY, CodeSystem.DEFINITION)) {
            String value = concept.text(text);
            if (value != null) {
                properties.put(text, new ArrayList<>(List.of(value)));
            }
        }
        concept.all("property").forEach(property -> readProperty(property, code, properties));
        concepts.put(code, new CodeSystem.Concept(code, properties, designations(concept)));
        concept.all("concept").forEach(nested -> readConcept(nested, code));
    }

    private static List<CodeSystem.Designation> designations(RawValue concept) {
        return concept.all("designation").stream()
                .flatMap(each -> designation(each).stream())
                .toList();
    }

    private static Optional<CodeSystem.Designation> designation(RawValue designation) {
        RawValue use = designation.get("use");
        return Optional.ofNullable(designation.text("value"))
                .map(value -> new CodeSystem.Designation(
                        designation.text("language"), use == null ? null : use.text("code"), value));
    }

    private void readProperty(RawValue property, String code, Map<String, List<String>> properties) {
        String name = property.text("code");
        String value = value(property);
        if (name == null || value == null) {
            return;
        }
        properties.computeIfAbsent(name, each -> new ArrayList<>()).add(value);
        if (parentProperties.contains(name)) {
            link(value, code);
        } else if (childProperties.contains(name)) {
            link(code, value);
        }
    }

    private static @Nullable String value(RawValue property) {
        for (String name : VALUES) {
            RawValue value = property.get(name);
            if (value != null) {
                return text(value);
            }
        }
        RawValue coding = property.get("valueCoding");
        return coding == null ? null : coding.text("code");
    }

    private static @Nullable String text(RawValue value) {
        if (value.truth() != null) {
            return String.valueOf(value.truth());
        }
        return value.number() == null ? value.text() : String.valueOf(value.number());
    }

    private void link(String parent, String child) {
        children.computeIfAbsent(parent, code -> new LinkedHashSet<>()).add(child);
        parents.computeIfAbsent(child, code -> new LinkedHashSet<>()).add(parent);
    }
}
