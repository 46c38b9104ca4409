package miroir.index.structure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.structure.FhirXml.Node;

/**
 * The codes of the specification's value sets, where they can be listed without a terminology server: concepts that are
 * written out, whole code systems that are complete, and value sets made of such ones.
 */
final class ValueSetCodes {
    private final Map<String, Node> valueSets = new HashMap<>();
    private final Map<String, Node> codeSystems = new HashMap<>();

    ValueSetCodes() {
        for (String file : List.of("valuesets.xml", "v3-codesystems.xml")) {
            FhirXml.forEachResource("/org/hl7/fhir/r4/model/valueset/" + file, resource -> {
                Map<String, Node> kind = resource.name().equals("ValueSet") ? valueSets : codeSystems;
                kind.put(resource.text("url"), resource);
            });
        }
    }

    /** The codes of a value set; empty where it cannot be listed. */
    List<String> of(String canonical) {
        Set<String> codes = new LinkedHashSet<>();
        return add(canonical, codes) ? List.copyOf(codes) : List.of();
    }

    private boolean add(String canonical, Set<String> codes) {
        Node valueSet = valueSets.get(canonical.replaceFirst("\\|.*", ""));
        if (valueSet == null) {
            return false;
        }
        for (Node compose : valueSet.all("compose")) {
            if (compose.has("exclude")
                    || !compose.all("include").stream().allMatch(include -> addInclude(include, codes))) {
                return false;
            }
        }
        return true;
    }

    private boolean addInclude(Node include, Set<String> codes) {
        if (include.has("filter")) {
            return false;
        }
        if (include.has("valueSet")) {
            return include.all("valueSet").size() == 1
                    && !include.has("system")
                    && add(include.text("valueSet"), codes);
        }
        if (include.has("concept")) {
            include.all("concept").forEach(concept -> codes.add(concept.text("code")));
            return true;
        }
        Node system = codeSystems.get(include.text("system"));
        if (system == null || !system.text("content").equals("complete")) {
            return false;
        }
        addConcepts(system, codes);
        return true;
    }

    private static void addConcepts(Node holder, Set<String> codes) {
        List<Node> concepts = new ArrayList<>(holder.all("concept"));
        for (Node concept : concepts) {
            codes.add(concept.text("code"));
            addConcepts(concept, codes);
        }
    }
}
