package miroir.index.terminology;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The concepts of a code system and its hierarchy: a concept is below those that it is nested in, and below those that its
 * properties say.
 *
 * @param isComplete whether it has all codes of the system; an excerpt says nothing of the rest
 */
record CodeSystem(
        boolean isComplete,
        Map<String, Concept> concepts,
        Map<String, Set<String>> parents,
        Map<String, Set<String>> children)
        implements Definition {

    /**
     * One concept.
     *
     * @param properties their values as texts, the display among them
     */
    record Concept(String code, Map<String, List<String>> properties) {
        List<String> values(String property) {
            return properties.getOrDefault(property, List.of());
        }
    }

    /** The code and all that are below it. */
    Set<String> below(String code) {
        return reached(code, children);
    }

    /** The code and all that it is below of. */
    Set<String> above(String code) {
        return reached(code, parents);
    }

    /** Somebody may have written a circle; nothing is looked at twice. */
    private static Set<String> reached(String code, Map<String, Set<String>> next) {
        Set<String> reached = new LinkedHashSet<>(Set.of(code));
        Deque<String> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            for (String other : next.getOrDefault(open.remove(), Set.of())) {
                if (reached.add(other)) {
                    open.add(other);
                }
            }
        }
        return reached;
    }
}
