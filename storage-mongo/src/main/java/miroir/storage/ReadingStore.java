package miroir.storage;

import java.util.List;
import java.util.Optional;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Explanation;
import miroir.index.store.ForwardingStore;
import miroir.index.store.HeldPage;
import miroir.index.store.HeldQuery;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryQuery;
import miroir.index.store.InclusionQuery;
import miroir.index.store.Labels;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.index.store.VersionStamp;

/** A store whose reads and searches other members of the replica set answer; writes are the primary's. Who writes by what he reads takes another one. */
final class ReadingStore extends ForwardingStore {
    private final MongoResourceStore store;

    ReadingStore(MongoResourceStore store) {
        super(store);
        this.store = store;
    }

    @Override
    public Optional<ResourceVersion> read(Caller caller, ResourceKey key) {
        return store.reading(store.operation(), elsewhere -> elsewhere.read(caller, key));
    }

    @Override
    public Optional<ResourceVersion> readVersion(Caller caller, ResourceKey key, long version) {
        return store.reading(store.operation(), elsewhere -> elsewhere.readVersion(caller, key, version));
    }

    @Override
    public HistoryPage history(Caller caller, HistoryQuery query) {
        return store.reading(query.deadline(), elsewhere -> elsewhere.history(caller, query));
    }

    @Override
    public HeldPage held(Caller caller, HeldQuery query) {
        return store.reading(query.deadline(), elsewhere -> elsewhere.held(caller, query));
    }

    @Override
    public Page select(Caller caller, PageQuery query) {
        return store.reading(query.deadline(), elsewhere -> elsewhere.select(caller, query));
    }

    @Override
    public List<VersionStamp> stamps(Caller caller, PageQuery query) {
        return store.reading(query.deadline(), elsewhere -> elsewhere.stamps(caller, query));
    }

    @Override
    public Explanation explain(Caller caller, PageQuery query) {
        return store.reading(query.deadline(), elsewhere -> elsewhere.explain(caller, query));
    }

    @Override
    public Page include(Caller caller, InclusionQuery query) {
        return store.reading(query.deadline(), elsewhere -> elsewhere.include(caller, query));
    }

    @Override
    public Total count(Caller caller, TotalQuery query) {
        return store.reading(query.deadline(), elsewhere -> elsewhere.count(caller, query));
    }

    @Override
    public Labels labels(Caller caller, String type, Deadline deadline) {
        return store.reading(deadline, elsewhere -> elsewhere.labels(caller, type, deadline));
    }
}
