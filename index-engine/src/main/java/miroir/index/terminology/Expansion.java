package miroir.index.terminology;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import miroir.index.terminology.ValueSet.SystemAndCode;
import org.jspecify.annotations.Nullable;

/** All codes of a value set, in the order of its definition, with what people read beside them. */
public final class Expansion {
    private final ValueSet valueSet;
    private final List<SystemAndCode> codes;
    private final Displays displays;
    private final Effort effort;

    /** A code with what people read beside it; null where that is not known. */
    public record Labelled(
            String system, String code, @Nullable String display) {}

    Expansion(ValueSet valueSet, List<SystemAndCode> codes, Displays displays, Effort effort) {
        this.valueSet = valueSet;
        this.codes = List.copyOf(codes);
        this.displays = displays;
        this.effort = effort;
    }

    /** What the value set is called. */
    public ValueSet.Head head() {
        return valueSet.head();
    }

    public int total() {
        return codes.size();
    }

    /** Those whose labels have words that begin like these, or differ from them by their ending only; and those that begin so themselves. */
    public Expansion of(String words) {
        LabelWords asked = LabelWords.of(words);
        lookUp(codes);
        return new Expansion(
                valueSet,
                codes.stream().filter(code -> answers(code, words, asked)).toList(),
                displays,
                effort);
    }

    private boolean answers(SystemAndCode code, String words, LabelWords asked) {
        String label = display(code);
        effort.takeSteps(1 + (label == null ? 0 : label.length()));
        return code.code().regionMatches(true, 0, words, 0, words.length())
                || (label != null && asked.areLike(LabelWords.of(label)));
    }

    /** So many of them, from a place on. */
    public List<Labelled> page(int offset, int count) {
        List<SystemAndCode> some =
                codes.subList(Math.min(offset, codes.size()), (int) Math.min((long) offset + count, codes.size()));
        lookUp(some);
        return some.stream()
                .map(code -> new Labelled(code.system(), code.code(), display(code)))
                .toList();
    }

    private void lookUp(List<SystemAndCode> some) {
        Set<String> systems = new HashSet<>();
        some.stream()
                .filter(code -> !valueSet.displays().containsKey(code))
                .forEach(code -> systems.add(code.system()));
        displays.lookUp(systems);
    }

    /** The word of the value set counts before that of the code system. */
    private @Nullable String display(SystemAndCode code) {
        String own = valueSet.displays().get(code);
        return own != null ? own : displays.of(code.system(), null, code.code());
    }
}
