package miroir.index.terminology;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which codes people call by some words.
 *
 * <p>Whoever asks knows a word and not the label: a <i>cardiologue</i> practises <i>Cardiologie et maladies vasculaires</i>. So a label that has the
 * words counts; where none in any code system does, one that has words which begin so, or differ by their ending only ({@link LabelWords}). To take
 * all of these together would drown what was meant: <i>médecin</i> begins each of sixty specialties.
 *
 * <p>The labels are read one after the other, some hundred thousand in a second at worst, which the request's {@link Effort} bounds; nothing is kept but
 * the code systems themselves.
 */
final class FindLabelled {
    private final FindDefinitions definitions;
    private final Effort effort;
    private final Map<String, Set<String>> whole = new LinkedHashMap<>();
    private final Map<String, Set<String>> alike = new LinkedHashMap<>();

    FindLabelled(FindDefinitions definitions, Effort effort) {
        this.definitions = definitions;
        this.effort = effort;
    }

    /** The codes by their systems. */
    Map<String, Set<String>> run(String text) {
        LabelWords words = LabelWords.of(text);
        definitions.codeSystems().forEach(system -> look(system, words));
        return whole.isEmpty() ? alike : whole;
    }

    private void look(CodeSystem system, LabelWords words) {
        effort.requireTime();
        for (CodeSystem.Concept concept : system.concepts().values()) {
            look(system, concept.code(), concept.display(), words);
            for (CodeSystem.Designation designation : concept.designations()) {
                look(system, concept.code(), designation.value(), words);
            }
        }
    }

    private void look(CodeSystem system, String code, @Nullable String label, LabelWords words) {
        if (label == null) {
            return;
        }
        effort.takeSteps(label.length());
        LabelWords of = LabelWords.of(label);
        if (words.areIn(of)) {
            whole.computeIfAbsent(system.url(), url -> new LinkedHashSet<>()).add(code);
        } else if (words.areLike(of)) {
            alike.computeIfAbsent(system.url(), url -> new LinkedHashSet<>()).add(code);
        }
    }
}
