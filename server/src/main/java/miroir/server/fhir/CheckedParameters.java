package miroir.server.fhir;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Caller;
import miroir.index.store.Criteria;
import miroir.index.store.Deadline;
import miroir.index.store.Erased;
import miroir.index.store.ForwardingStore;
import miroir.index.store.Precondition;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.TotalQuery;
import miroir.index.store.Written;
import org.bson.RawBsonDocument;

/**
 * A store whose SearchParameter resources say what is searched: one that would be active and have no effect is refused, whatever
 * interaction writes it; and what was written takes effect soon.
 */
final class CheckedParameters extends ForwardingStore {
    static final String TYPE = "SearchParameter";

    private final ResourceStore store;
    private final SearchableParameters searchable;
    private final Duration patience;
    private final Runnable written;
    private final CheckParameter check;

    /**
     * Such a store.
     *
     * @param searchable what is searched otherwise
     * @param patience how long a look at other resources may take
     * @param written is told when a resource was written
     */
    CheckedParameters(ResourceStore store, SearchableParameters searchable, Duration patience, Runnable written) {
        super(store);
        this.store = store;
        this.searchable = searchable;
        this.patience = patience;
        this.written = written;
        this.check = new CheckParameter(store, searchable, patience);
    }

    @Override
    public Written create(Caller caller, ResourceKey key, RawBsonDocument fhir) {
        check(caller, key, fhir);
        return told(key, store.create(caller, key, fhir));
    }

    @Override
    public Optional<Written> createUnlessFound(
            Caller caller, Criteria criteria, ResourceKey key, RawBsonDocument fhir, ResourceVersion.Origin origin) {
        try {
            check(caller, key, fhir);
        } catch (Refusal refused) {
            if (refused.reason() == Refusal.Reason.UNPROCESSABLE && isMet(caller, criteria)) {
                return Optional.empty();
            }
            throw refused;
        }
        return told(key, store.createUnlessFound(caller, criteria, key, fhir, origin));
    }

    @Override
    public Written put(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        check(caller, key, fhir);
        return told(key, store.put(caller, key, fhir, precondition));
    }

    /** Only where one of them is a search parameter each is looked at by itself. */
    @Override
    public List<PutOutcome> putEach(Caller caller, List<Put> puts, Deadline deadline) {
        return puts.stream().anyMatch(put -> put.key().type().equals(TYPE))
                ? super.putEach(caller, puts, deadline)
                : store.putEach(caller, puts, deadline);
    }

    @Override
    public void checkPut(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        check(caller, key, fhir);
        store.checkPut(caller, key, fhir, precondition);
    }

    @Override
    public Optional<Written> delete(Caller caller, ResourceKey key, Precondition precondition) {
        return told(key, store.delete(caller, key, precondition));
    }

    @Override
    public Optional<Erased> erase(Caller caller, ResourceKey key) {
        return told(key, store.erase(caller, key));
    }

    /** Nothing of it is to be seen before its end. */
    @Override
    public <T> T inTransaction(Set<String> types, Deadline deadline, Function<ResourceStore, T> work) {
        T done = store.inTransaction(
                types, deadline, within -> work.apply(new CheckedParameters(within, searchable, patience, () -> {})));
        if (types.contains(TYPE)) {
            written.run();
        }
        return done;
    }

    private void check(Caller caller, ResourceKey key, RawBsonDocument fhir) {
        if (key.type().equals(TYPE)) {
            check.run(caller, key, fhir);
        }
    }

    /** What stands in the way may be what another request has just made by the same criteria. */
    private boolean isMet(Caller caller, Criteria criteria) {
        TotalQuery query = TotalQuery.upTo(1, criteria.type(), criteria.where(), criteria.deadline());
        return store.lookUp(criteria.deadline(), () -> store.count(caller, query))
                        .matches()
                > 0;
    }

    private <T> T told(ResourceKey key, T done) {
        if (key.type().equals(TYPE)) {
            written.run();
        }
        return done;
    }
}
