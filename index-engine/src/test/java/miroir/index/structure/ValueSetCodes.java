package miroir.index.structure;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** The codes of a value set with their systems; empty where it cannot be listed. A code of several has the system "". */
    Map<String, String> of(String canonical) {
        Map<String, String> systems = new LinkedHashMap<>();
        return add(canonical, systems) ? systems : Map.of();
    }

    private boolean add(String canonical, Map<String, String> systems) {
        Node valueSet = valueSets.get(canonical.replaceFirst("\\|.*", ""));
        if (valueSet == null) {
            return false;
        }
        for (Node compose : valueSet.all("compose")) {
            if (compose.has("exclude")
                    || !compose.all("include").stream().allMatch(include -> addInclude(include, systems))) {
                return false;
            }
        }
        return true;
    }

    private boolean addInclude(Node include, Map<String, String> systems) {
        if (include.has("filter")) {
            return false;
        }
        if (include.has("valueSet")) {
            return include.all("valueSet").size() == 1
                    && !include.has("system")
                    && add(include.text("valueSet"), systems);
        }
        if (include.has("concept")) {
            include.all("concept").forEach(concept -> add(concept, include.text("system"), systems));
            return true;
        }
        Node system = codeSystems.get(include.text("system"));
        if (system == null || !system.text("content").equals("complete")) {
            return false;
        }
        addConcepts(system, include.text("system"), systems);
        return true;
    }

    private static void addConcepts(Node holder, String system, Map<String, String> systems) {
        for (Node concept : holder.all("concept")) {
            add(concept, system, systems);
            addConcepts(concept, system, systems);
        }
    }

    private static void add(Node concept, String system, Map<String, String> systems) {
        systems.merge(concept.text("code"), system, (one, other) -> one.equals(other) ? one : "");
    }
}
