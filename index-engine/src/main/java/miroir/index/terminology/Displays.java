package miroir.index.terminology;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import miroir.index.json.FilledDisplays;
import org.jspecify.annotations.Nullable;

/** What people read beside codes, by the code systems that are kept. Those of one request; each system is looked up once. */
public final class Displays implements FilledDisplays.Labels {
    /** What is longer is no label. */
    private static final int LONGEST = 1_000;

    private final FindDefinitions definitions;
    private final @Nullable String language;
    private final Map<String, List<CodeSystem>> bySystem = new HashMap<>();

    Displays(FindDefinitions definitions, @Nullable String language) {
        this.definitions = definitions;
        this.language = language;
    }

    /** Looks these systems up together, which takes one question in place of many. */
    public void lookUp(Set<String> systems) {
        Set<String> unknown = new HashSet<>(systems);
        unknown.removeAll(bySystem.keySet());
        if (unknown.isEmpty()) {
            return;
        }
        List<CodeSystem> found = definitions.codeSystems(unknown);
        for (String system : unknown) {
            bySystem.put(
                    system,
                    found.stream().filter(each -> each.url().equals(system)).toList());
        }
    }

    /** By the version that the code says it is of; where it says none, by the one that was stored last. */
    @Override
    public @Nullable String of(String system, @Nullable String version, String code) {
        lookUp(Set.of(system));
        return bySystem.getOrDefault(system, List.of()).stream()
                .filter(each -> version == null || version.equals(each.version()))
                .map(each -> each.concept(code))
                .filter(Objects::nonNull)
                .map(this::display)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private @Nullable String display(CodeSystem.Concept concept) {
        String display = language == null ? concept.display() : concept.display(language);
        return display == null || display.length() > LONGEST ? null : display;
    }
}
