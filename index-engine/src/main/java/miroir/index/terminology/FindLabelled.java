package miroir.index.terminology;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Which codes people call by some words.
 *
 * <p>Whoever asks knows a word and not the label: a <i>cardiologue</i> practises <i>Cardiologie et maladies vasculaires</i>. So a label that has the
 * words counts; where none of a code system does, one that has words which begin so, or differ by their ending only ({@link LabelWords}). To take
 * both would drown what was meant: <i>pharmacien</i> is a profession, and begins a dozen others. Each code system decides for itself: what is a whole label among
 * authorities must not hide what is half a one among specialties.
 *
 * <p>The labels are read one after the other, some hundred thousand in a second at worst, which the request's {@link Effort} bounds; nothing is kept but
 * the code systems themselves.
 */
final class FindLabelled {
    private static final int MOST_WORDS = 20;

    /** Concepts between two looks at the time. */
    private static final int IN_A_ROW = 1_000;

    private final FindDefinitions definitions;
    private final Effort effort;

    FindLabelled(FindDefinitions definitions, Effort effort) {
        this.definitions = definitions;
        this.effort = effort;
    }

    /** The codes by their systems. */
    Map<String, Set<String>> run(String text) {
        LabelWords words = LabelWords.of(text);
        if (words.words().size() > MOST_WORDS) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "a label is asked for by " + words.words().size() + " words; allowed are at most " + MOST_WORDS);
        }
        Map<String, Set<String>> found = new LinkedHashMap<>();
        definitions
                .codeSystems()
                .filter(system -> !system.url().isEmpty())
                .forEach(system -> new OfSystem(words).look(system, found));
        return found;
    }

    /** One code system. */
    private final class OfSystem {
        private final LabelWords words;
        private final Set<String> whole = new LinkedHashSet<>();
        private final Set<String> alike = new LinkedHashSet<>();

        OfSystem(LabelWords words) {
            this.words = words;
        }

        void look(CodeSystem system, Map<String, Set<String>> found) {
            int looked = 0;
            for (CodeSystem.Concept concept : system.concepts().values()) {
                if (looked++ % IN_A_ROW == 0) {
                    effort.requireTime();
                }
                look(concept.code(), concept.display());
                concept.designations().forEach(designation -> look(concept.code(), designation.value()));
            }
            Set<String> codes = whole.isEmpty() ? alike : whole;
            if (!codes.isEmpty()) {
                found.computeIfAbsent(system.url(), url -> new LinkedHashSet<>())
                        .addAll(codes);
            }
        }

        private void look(String code, @Nullable String label) {
            if (label == null) {
                return;
            }
            effort.takeSteps((long) label.length() * (1 + words.words().size()));
            LabelWords of = LabelWords.of(label);
            if (words.areIn(of)) {
                whole.add(code);
            } else if (words.areLike(of)) {
                alike.add(code);
            }
        }
    }
}
