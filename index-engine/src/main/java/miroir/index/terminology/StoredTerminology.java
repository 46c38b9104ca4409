package miroir.index.terminology;

import java.time.Instant;
import miroir.index.search.SearchableParameters;
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
    public SeenTerminology seenBy(Caller caller, @Nullable Instant asOf, Deadline deadline) {
        Effort effort = new Effort(deadline);
        return new SeenTerminology(
                new FindDefinitions(store, searchable, kept, caller, asOf, deadline), effort, maximumExpansion);
    }
}
