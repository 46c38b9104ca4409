package miroir.index.terminology;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The concepts of a code system and its hierarchy: a concept is below those that it is nested in, and below those that its
 * properties say.
 *
 * @param name what the resource calls it, for people
 * @param isComplete whether it has all codes of the system; an excerpt says nothing of the rest
 */
public record CodeSystem(
        String url,
        @Nullable String version,
        String name,
        boolean isComplete,
        Map<String, Concept> concepts,
        Map<String, Set<String>> parents,
        Map<String, Set<String>> children)
        implements Definition {
    static final String DISPLAY = "display";
    static final String DEFINITION = "definition";

    /**
     * One concept.
     *
     * @param properties their values as texts, the display and the definition among them
     * @param designations other words for it
     */
    public record Concept(String code, Map<String, List<String>> properties, List<Designation> designations) {
        public Concept {
            designations = List.copyOf(designations);
        }

        /** The values of a property. */
        public List<String> values(String property) {
            return properties.getOrDefault(property, List.of());
        }

        /** What people read; null where nothing is said. */
        public @Nullable String display() {
            return values(DISPLAY).stream().findFirst().orElse(null);
        }

        /** The same in a language, such as {@code fr} or {@code fr-FR}, as far as there is one. */
        public @Nullable String display(String language) {
            return designations.stream()
                    .filter(each -> each.isIn(language))
                    .map(Designation::value)
                    .findFirst()
                    .orElseGet(this::display);
        }
    }

    /**
     * Another word for a concept.
     *
     * @param language null: any
     * @param use what it is for, as a code; null where nothing is said
     */
    public record Designation(
            @Nullable String language, @Nullable String use, String value) {
        boolean isIn(String asked) {
            return language != null
                    && (language.equalsIgnoreCase(asked)
                            || language.toLowerCase(Locale.ROOT).startsWith(asked.toLowerCase(Locale.ROOT) + "-"));
        }
    }

    /** The concept with that code; null where there is none here. */
    public @Nullable Concept concept(String code) {
        return concepts.get(code);
    }

    /** The codes that are right above it. */
    public Set<String> parentsOf(String code) {
        return parents.getOrDefault(code, Set.of());
    }

    /** The codes that are right below it. */
    public Set<String> childrenOf(String code) {
        return children.getOrDefault(code, Set.of());
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
