package miroir.index.terminology;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.SearchableParameters;
import miroir.index.search.Terminology;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import org.jspecify.annotations.Nullable;

/**
 * The value sets and code systems in the store.
 *
 * <p>The problem: a search names a value set, which may be made of many others and of filters on large code systems, and it has to
 * mean what is stored now, whoever wrote it through whatever server.
 *
 * <p>The approach: each search asks the store which versions are the current ones, without their content; what was read of just
 * these versions before is used again, and the rest is read. So nothing has to be told to anybody when a value set changes. Later
 * pages ask as at the instant of the first.
 *
 * <p>The cost: one look-up in an index for each value set and code system that is concerned. They are read and kept one at a
 * time, since one may have 16 MB.
 *
 * <p>Expansions themselves are kept for one request only: they depend on the versions of all that they are made of, and are made of
 * definitions in a millisecond. What a request may spend on that is its {@link Effort}.
 */
public final class StoredTerminology {
    private final ResourceStore store;
    private final SearchableParameters searchable;
    private final int maximumExpansion;
    private final KeptDefinitions kept = new KeptDefinitions();

    /**
     * Those of a store.
     *
     * @param maximumExpansion the codes that one query may have of value sets and hierarchies
     */
    public StoredTerminology(ResourceStore store, SearchableParameters searchable, int maximumExpansion) {
        this.store = store;
        this.searchable = searchable;
        this.maximumExpansion = maximumExpansion;
    }

    /**
     * What a caller may see of it, for one request.
     *
     * @param asOf the settled instant whose value sets are meant; null: the newest
     */
    public Terminology seenBy(Caller caller, @Nullable Instant asOf, Deadline deadline) {
        Effort effort = new Effort(deadline);
        return new Seen(new FindDefinitions(store, searchable, kept, caller, asOf, deadline), effort);
    }

    private final class Seen implements Terminology {
        private final FindDefinitions definitions;
        private final Effort effort;
        private final Map<String, List<SystemCodes>> before = new HashMap<>();

        Seen(FindDefinitions definitions, Effort effort) {
            this.definitions = definitions;
            this.effort = effort;
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
}
