package miroir.index.terminology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.Terminology;
import org.jspecify.annotations.Nullable;

/** What one caller may see of value sets and code systems, for one request. */
public final class SeenTerminology implements Terminology {
    private final FindDefinitions definitions;
    private final Effort effort;
    private final int maximumExpansion;
    private final Map<String, List<SystemCodes>> before = new HashMap<>();

    SeenTerminology(FindDefinitions definitions, Effort effort, int maximumExpansion) {
        this.definitions = definitions;
        this.effort = effort;
        this.maximumExpansion = maximumExpansion;
    }

    /**
     * The code system of that name, as far as it is kept here.
     *
     * @param name its URL, or {@code CodeSystem/[id]}
     * @param version null: any
     */
    public Optional<CodeSystem> codeSystem(String name, @Nullable String version) {
        return definitions.codeSystem(name, version);
    }

    /** All codes of a value set; refused where they are not known one by one. */
    public Expansion expansion(String name, @Nullable String language) {
        CodeSet set = new ExpandValueSet(definitions, effort).run(name);
        List<ValueSet.SystemAndCode> codes = new ArrayList<>();
        set.bySystem().forEach((system, some) -> {
            if (some.allBut()) {
                throw ExpandValueSet.refused(
                        name,
                        "it has codes of \"" + Refusal.shown(system)
                                + "\" that it does not list, and that code system is not kept here with all of its codes");
            }
            some.codes().forEach(code -> codes.add(new ValueSet.SystemAndCode(system, code)));
        });
        return new Expansion(definitions.valueSet(name).orElseThrow(), codes, displays(language), effort);
    }

    /**
     * In which systems a value set has a code: in one at most where the system is said.
     *
     * @param system null: any
     */
    public List<Member> membersOf(String name, @Nullable String system, String code) {
        return new ExpandValueSet(definitions, effort)
                .run(name).bySystem().entrySet().stream()
                        .filter(each -> system == null || each.getKey().equals(system))
                        .filter(each -> each.getValue().has(code))
                        .map(each -> new Member(each.getKey(), !each.getValue().allBut()))
                        .toList();
    }

    /**
     * A system in which a value set has a code.
     *
     * @param isListed false: the value set has all codes of the system, or all but some, whichever they are
     */
    public record Member(String system, boolean isListed) {}

    /** What people read beside a code of a value set; null where that is not known. */
    public @Nullable String display(String valueSet, String system, String code, @Nullable String language) {
        return definitions
                .valueSet(valueSet)
                .map(found -> found.displays().get(new ValueSet.SystemAndCode(system, code)))
                .orElseGet(() -> displays(language).of(system, null, code));
    }

    /** What people read beside codes. */
    public Displays displays(@Nullable String language) {
        return new Displays(definitions, language);
    }

    @Override
    public List<SystemCodes> labelled(String text) {
        return new FindLabelled(definitions, effort)
                .run(text).entrySet().stream()
                        .map(each -> new SystemCodes(each.getKey(), each.getValue()))
                        .toList();
    }

    @Override
    public boolean hasValueSet(String name) {
        return definitions.valueSet(name).isPresent();
    }

    @Override
    public int mostCodes() {
        return maximumExpansion;
    }

    /** A request may name one several times, and is read once for each type that it asks. */
    @Override
    public List<SystemCodes> valueSet(String name) {
        List<SystemCodes> codes = before.get(name);
        if (codes == null) {
            codes = listed(name, new ExpandValueSet(definitions, effort).run(name));
            before.put(name, codes);
        }
        return codes;
    }

    private List<SystemCodes> listed(String name, CodeSet set) {
        requireFew(set.size(), "the value set \"" + Refusal.shown(name) + "\"");
        return set.bySystem().entrySet().stream()
                .map(each -> listed(name, each.getKey(), each.getValue()))
                .toList();
    }

    private SystemCodes listed(String name, String system, SomeCodes codes) {
        if (codes.allBut() && !codes.codes().isEmpty()) {
            throw ExpandValueSet.refused(
                    name,
                    "it has all codes of \"" + Refusal.shown(system)
                            + "\" but some, and that code system is not kept here with all of its codes");
        }
        return new SystemCodes(system, codes.allBut() ? null : codes.codes());
    }

    @Override
    public Set<String> below(String system, String code) {
        return related(system, code, hierarchy(system, code).below(code));
    }

    @Override
    public Set<String> above(String system, String code) {
        return related(system, code, hierarchy(system, code).above(code));
    }

    private Set<String> related(String system, String code, Set<String> codes) {
        effort.takeSteps(codes.size());
        requireFew(codes.size(), "the hierarchy of \"" + Refusal.shown(system + "|" + code) + "\"");
        return codes;
    }

    private CodeSystem hierarchy(String url, String code) {
        CodeSystem system = definitions
                .codeSystem(url, null)
                .filter(CodeSystem::isComplete)
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.INVALID,
                        "the code system \"" + Refusal.shown(url)
                                + "\" is not kept here with all of its codes, so what is above or below a code is not known:"
                                + " store it as a CodeSystem with content complete first"));
        if (!system.concepts().containsKey(code)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the code system \"" + Refusal.shown(url) + "\" has no code \"" + Refusal.shown(code) + "\"");
        }
        return system;
    }

    private void requireFew(int codes, String what) {
        if (codes > maximumExpansion) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    what + " has " + codes + " codes; allowed are at most " + maximumExpansion
                            + " (search.maximumExpansion in server.yaml)");
        }
    }
}
