package miroir.index.terminology;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.terminology.ValueSet.Selection;
import org.jspecify.annotations.Nullable;

/**
 * From what a value set says to its codes, by R4's rules of composition: a selection is what its system, its codes or filters, and
 * each of its value sets have in common; all includes together, less all excludes. What the resource lists as its expansion is
 * believed.
 */
final class ExpandValueSet {
    /** Others that one is made of, however deep. */
    private static final int MOST_VALUE_SETS = 200;

    private final Known known;
    private final Effort effort;
    private final Map<String, CodeSet> expanded = new HashMap<>();
    private final Set<String> open = new LinkedHashSet<>();

    /** Where definitions come from. */
    interface Known {
        Optional<ValueSet> valueSet(String name);

        Optional<CodeSystem> codeSystem(String url, @Nullable String version);
    }

    ExpandValueSet(Known known, Effort effort) {
        this.known = known;
        this.effort = effort;
    }

    CodeSet run(String name) {
        CodeSet before = expanded.get(name);
        if (before != null) {
            return before;
        }
        if (!open.add(name)) {
            throw refused(name, "it includes itself: " + String.join(" includes ", open) + " includes " + name);
        }
        if (open.size() + expanded.size() > MOST_VALUE_SETS) {
            throw refused(name, "it is made of more than " + MOST_VALUE_SETS + " others");
        }
        CodeSet codes = codes(name, known.valueSet(name).orElseThrow(() -> unknown(name)));
        open.remove(name);
        expanded.put(name, codes);
        return codes;
    }

    private CodeSet codes(String name, ValueSet valueSet) {
        CodeSet listed = valueSet.expansion();
        if (listed != null) {
            return listed;
        }
        if (valueSet.includes().isEmpty()) {
            throw refused(name, "it neither says what it includes nor lists all of its codes");
        }
        if (valueSet.isActiveOnly()) {
            throw refused(
                    name, "it leaves out inactive codes (compose.inactive is false), and which are is not known here");
        }
        CodeSet included = union(name, valueSet.includes());
        return valueSet.excludes().isEmpty() ? included : included.without(union(name, valueSet.excludes()), effort);
    }

    private CodeSet union(String name, List<Selection> selections) {
        CodeUnion all = new CodeUnion(effort);
        for (Selection selection : selections) {
            effort.requireTime();
            all.add(selected(name, selection));
        }
        return all.codes();
    }

    private CodeSet selected(String name, Selection selection) {
        String system = selection.system();
        CodeSet codes = system == null ? null : CodeSet.of(system, ofSystem(name, system, selection));
        for (String other : selection.valueSets()) {
            CodeSet ofOther = run(other);
            codes = codes == null ? ofOther : codes.and(ofOther, effort);
        }
        if (system == null && (selection.codes() != null || !selection.filters().isEmpty())) {
            throw refused(name, "one of its parts has concepts or filters and does not say of which system");
        }
        if (codes == null) {
            throw refused(name, "one of its parts names neither a system nor a value set");
        }
        return codes;
    }

    private SomeCodes ofSystem(String name, String system, Selection selection) {
        List<String> listed = selection.codes();
        if (listed != null) {
            return SomeCodes.of(listed);
        }
        Optional<CodeSystem> complete =
                known.codeSystem(system, selection.version()).filter(CodeSystem::isComplete);
        if (selection.filters().isEmpty()) {
            return complete.map(each -> new SomeCodes(false, each.concepts().keySet()))
                    .orElse(SomeCodes.ALL);
        }
        return complete.map(each -> new SelectConcepts(name, each, effort).all(selection.filters()))
                .orElseThrow(() -> refused(
                        name,
                        "it filters the code system \"" + Refusal.shown(system)
                                + "\", which is not kept here, or not with all of its codes (content: complete)"));
    }

    static Refusal refused(String name, String why) {
        return new Refusal(
                Refusal.Reason.INVALID, "the value set \"" + Refusal.shown(name) + "\" cannot be expanded: " + why);
    }

    private static Refusal unknown(String name) {
        return new Refusal(
                Refusal.Reason.INVALID,
                "the value set \"" + Refusal.shown(name)
                        + "\" is not kept here; allowed are those that are, as [url], [url]|[version] or ValueSet/[id]:"
                        + " store it as a ValueSet first");
    }
}
