package miroir.server.fhir;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import miroir.index.store.Caller;
import miroir.index.store.Criteria;
import miroir.index.store.Deadline;
import miroir.index.store.ForwardingStore;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryQuery;
import miroir.index.store.Newest;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * The store within a transaction, as its reads are tried there.
 *
 * <p>The problem: what comes in pages, and what followers rely on, is as at an instant up to which everything is known; and within a transaction
 * nothing is, its own end least of all.
 *
 * <p>The approach: such a read is tried on the newest state of the transaction, so that whatever is wrong with it fails the whole, and it is
 * remembered that its answer is of no instant. The answer is then made again after the commit, as at the instant of the transaction ({@link
 * ReadsAfter}). Answers of one page that need no instant stand as they are.
 *
 * <p>The cost: such reads are done twice. The alternative, to keep the page and link the next as at some instant near by, would let resources
 * come twice or not at all where others commit at the same time.
 */
final class ReadsWithin extends ForwardingStore {
    private final ResourceStore within;
    private final ResourceStore outside;
    private boolean ofNoInstant;
    private @Nullable Instant written;

    ReadsWithin(ResourceStore within, ResourceStore outside) {
        super(within);
        this.within = within;
        this.outside = outside;
    }

    /** Whether what was read since this was asked last has to be read again. */
    boolean takeOfNoInstant() {
        boolean taken = ofNoInstant;
        ofNoInstant = false;
        return taken;
    }

    /** The instant of all versions that the transaction makes; empty where it makes none. */
    Optional<Instant> instant() {
        return Optional.ofNullable(written);
    }

    // --- what cannot be known

    @Override
    public Instant settled(Caller caller, Duration patience, Deadline deadline) {
        ofNoInstant = true;
        return outside.settled(caller, Duration.ZERO, deadline);
    }

    @Override
    public boolean isUnchangedSince(Caller caller, Set<String> types, Instant settled, Deadline deadline) {
        ofNoInstant = true;
        return true;
    }

    @Override
    public <T> Newest<T> newest(Caller caller, Set<String> types, Supplier<T> read) {
        return new Newest<>(read.get(), (settled, deadline) -> isUnchangedSince(caller, types, settled, deadline));
    }

    @Override
    public <T> T asAt(
            Caller caller, Set<String> types, Instant settled, Deadline deadline, Function<@Nullable Instant, T> read) {
        ofNoInstant = true;
        return read.apply(null);
    }

    @Override
    public HistoryPage history(Caller caller, HistoryQuery query) {
        ofNoInstant = true;
        return new HistoryPage(List.of(), false);
    }

    // --- what is written

    @Override
    public Written create(Caller caller, ResourceKey key, RawBsonDocument fhir) {
        return seen(within.create(caller, key, fhir));
    }

    @Override
    public Optional<Written> createUnlessFound(
            Caller caller, Criteria criteria, ResourceKey key, RawBsonDocument fhir, ResourceVersion.Origin origin) {
        return within.createUnlessFound(caller, criteria, key, fhir, origin).map(this::seen);
    }

    @Override
    public Written put(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        return seen(within.put(caller, key, fhir, precondition));
    }

    @Override
    public Optional<Written> delete(Caller caller, ResourceKey key, Precondition precondition) {
        return within.delete(caller, key, precondition).map(this::seen);
    }

    private Written seen(Written done) {
        switch (done.effect()) {
            case CREATED, UPDATED, DELETED -> written = done.current().from();
            case UNCHANGED, ALREADY_DELETED -> {}
        }
        return done;
    }
}
