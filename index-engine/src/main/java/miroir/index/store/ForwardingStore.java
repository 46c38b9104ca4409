package miroir.index.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Asks another store for everything; who extends it says what is different. {@link #putEach} is not handed on: it comes back to {@link #put} and {@link #create}, of which
 * those who extend this may say something. Who has nothing to say of any of them hands it on.
 */
public abstract class ForwardingStore implements ResourceStore {
    private final ResourceStore store;

    protected ForwardingStore(ResourceStore store) {
        this.store = store;
    }

    @Override
    public Optional<ResourceVersion> read(Caller caller, ResourceKey key) {
        return store.read(caller, key);
    }

    @Override
    public Optional<ResourceVersion> readVersion(Caller caller, ResourceKey key, long version) {
        return store.readVersion(caller, key, version);
    }

    @Override
    public HistoryPage history(Caller caller, HistoryQuery query) {
        return store.history(caller, query);
    }

    @Override
    public Instant settled(Caller caller, Duration patience, Deadline deadline) {
        return store.settled(caller, patience, deadline);
    }

    @Override
    public boolean isUnchangedSince(Caller caller, Set<String> types, Instant settled, Deadline deadline) {
        return store.isUnchangedSince(caller, types, settled, deadline);
    }

    @Override
    public <T> Newest<T> newest(Caller caller, Set<String> types, Supplier<T> read) {
        return store.newest(caller, types, read);
    }

    @Override
    public <T> T asAt(
            Caller caller, Set<String> types, Instant settled, Deadline deadline, Function<@Nullable Instant, T> read) {
        return store.asAt(caller, types, settled, deadline, read);
    }

    @Override
    public HeldPage held(Caller caller, HeldQuery query) {
        return store.held(caller, query);
    }

    @Override
    public Written create(Caller caller, ResourceKey key, RawBsonDocument fhir) {
        return store.create(caller, key, fhir);
    }

    @Override
    public Optional<Written> createUnlessFound(
            Caller caller, Criteria criteria, ResourceKey key, RawBsonDocument fhir, ResourceVersion.Origin origin) {
        return store.createUnlessFound(caller, criteria, key, fhir, origin);
    }

    @Override
    public Written put(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        return store.put(caller, key, fhir, precondition);
    }

    @Override
    public Optional<Written> delete(Caller caller, ResourceKey key, Precondition precondition) {
        return store.delete(caller, key, precondition);
    }

    @Override
    public void checkPut(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        store.checkPut(caller, key, fhir, precondition);
    }

    @Override
    public boolean checkDelete(Caller caller, ResourceKey key, Precondition precondition) {
        return store.checkDelete(caller, key, precondition);
    }

    @Override
    public Optional<Erased> erase(Caller caller, ResourceKey key) {
        return store.erase(caller, key);
    }

    @Override
    public <T> T inTurn(Deadline deadline, Supplier<T> searches) {
        return store.inTurn(deadline, searches);
    }

    @Override
    public <T> T lookUp(Deadline deadline, Supplier<T> searches) {
        return store.lookUp(deadline, searches);
    }

    @Override
    public <T> T inTurnOfEntry(Deadline deadline, Supplier<T> searches) {
        return store.inTurnOfEntry(deadline, searches);
    }

    @Override
    public boolean hasTransactions() {
        return store.hasTransactions();
    }

    @Override
    public <T> T inTransaction(Set<String> types, Deadline deadline, Function<ResourceStore, T> work) {
        return store.inTransaction(types, deadline, work);
    }

    @Override
    public Page select(Caller caller, PageQuery query) {
        return store.select(caller, query);
    }

    @Override
    public List<VersionStamp> stamps(Caller caller, PageQuery query) {
        return store.stamps(caller, query);
    }

    @Override
    public Explanation explain(Caller caller, PageQuery query) {
        return store.explain(caller, query);
    }

    @Override
    public Page include(Caller caller, InclusionQuery query) {
        return store.include(caller, query);
    }

    @Override
    public Total count(Caller caller, TotalQuery query) {
        return store.count(caller, query);
    }

    @Override
    public Labels labels(Caller caller, String type, Deadline deadline) {
        return store.labels(caller, type, deadline);
    }

    @Override
    public Readiness readiness() {
        return store.readiness();
    }

    @Override
    public Set<String> incompleteTypes() {
        return store.incompleteTypes();
    }

    @Override
    public long live(String type, Deadline deadline) {
        return store.live(type, deadline);
    }

    @Override
    public StoredSize size(String type, Deadline deadline) {
        return store.size(type, deadline);
    }

    @Override
    public Map<String, Copied> copies() {
        return store.copies();
    }

    @Override
    public KeptReports reports() {
        return store.reports();
    }

    @Override
    public void close() {
        store.close();
    }
}
