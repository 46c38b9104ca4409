package miroir.sql.copy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Copied;
import miroir.index.store.Deadline;
import miroir.index.store.HeldPage;
import miroir.index.store.HeldQuery;
import miroir.index.store.HistoryPosition;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.sql.table.Table;
import miroir.storage.Committed;
import miroir.storage.MongoResourceStore;
import miroir.storage.VersionId;
import miroir.storage.WatchCommits;

/** The store as a copy reads it: everything, as at settled instants. */
public final class StoreReader {
    private static final Caller CALLER = Caller.everyone();
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final Duration UNTIL_SETTLED = Duration.ofMillis(100);

    /** So many positions are asked about at once, since most of them may be of what is deleted. */
    private static final long STRIDE = 100_000;

    /** So many resources are read at a time, about. */
    private static final int AT_ONCE = 1_000;

    private static final long SHORTEST_STRIDE = 1_000;

    private final MongoResourceStore store;
    private final int atOnce;

    /**
     * Reads a store.
     *
     * @param atOnce about so many commits make a batch
     */
    public StoreReader(MongoResourceStore store, int atOnce) {
        this.store = store;
        this.atOnce = atOnce;
    }

    private static Deadline deadline() {
        return Deadline.in(PATIENCE);
    }

    /** Up to when everything is there that was committed. */
    public Instant settled() {
        return store.settled(CALLER, UNTIL_SETTLED, deadline());
    }

    /** Tells one store from another, however it is reached. */
    public String identity() {
        byte[] secret = store.sharedSecret("sql-copies");
        return Table.hash("sql-copies " + new String(Base64.getEncoder().encode(secret), StandardCharsets.US_ASCII));
    }

    /** What is still to be done before it can be read; an empty text: nothing. */
    String notReady() {
        Readiness now = store.readiness();
        return now.ready() ? "" : now.detail();
    }

    boolean isUnchangedSince(Set<String> types, Instant instant) {
        return store.isUnchangedSince(CALLER, types, instant, deadline());
    }

    WatchCommits watch(Set<String> types, Consumer<Set<String>> ring) {
        return store.watch(types, ring);
    }

    /** Those of the types of which nobody knows whether they are whole, since they were never copied to their end. */
    public Set<String> neverWhole(Collection<String> types) {
        Set<String> never = new TreeSet<>();
        for (String type : types) {
            Copied copied = store.copies().get(type);
            if (copied != null && copied.asOf() == null) {
                never.add(type);
            }
        }
        return never;
    }

    /**
     * What was committed after an instant, as much of it as makes a batch. It ends between two instants, so that the copy is as of one of them: what was committed at one instant is in one
     * batch, however much it is. Of that only keys are held.
     *
     * @param enough about so many commits make a batch
     */
    CommittedBatch committed(Set<String> types, Instant after, Instant until, int enough) {
        List<Committed> commits = new ArrayList<>();
        HistoryPosition from = new HistoryPosition(after, "", "");
        while (true) {
            List<Committed> page = store.committed(CALLER, types, from, until, atOnce, deadline());
            commits.addAll(page);
            if (page.size() < atOnce) {
                return CommittedBatch.of(commits, until);
            }
            Instant last = page.get(page.size() - 1).from();
            List<Committed> whole = commits.size() < enough
                    ? List.of()
                    : commits.stream()
                            .filter(each -> each.from().isBefore(last))
                            .toList();
            if (!whole.isEmpty()) {
                return CommittedBatch.of(whole, last.minusMillis(1));
            }
            from = page.get(page.size() - 1).position();
        }
    }

    /** The content of versions. */
    void versions(String type, Collection<VersionId> versions, Consumer<ResourceVersion.Live> take) {
        store.versions(CALLER, type, versions, deadline(), take);
    }

    /** About so many commits make a batch. */
    int atOnce() {
        return atOnce;
    }

    /** When a resource was changed last. */
    Instant lastChange(ResourceKey key) {
        return store.read(CALLER, key).map(ResourceVersion::from).orElse(Instant.EPOCH);
    }

    boolean isThere(ResourceKey key) {
        return store.read(CALLER, key)
                .filter(ResourceVersion.Live.class::isInstance)
                .isPresent();
    }

    /** All resources of a type as they were at an instant, in pages. */
    Pages held(String type, Instant asOf) {
        return new Pages(type, asOf, store.lastPosition(type));
    }

    /** Goes through a type. */
    final class Pages {
        private final String type;
        private final Instant asOf;
        private final long last;
        private long after;
        private long stride = STRIDE;

        private Pages(String type, Instant asOf, long last) {
            this.type = type;
            this.asOf = asOf;
            this.last = last;
        }

        private HeldQuery next(long upTo) {
            return new HeldQuery(type, Condition.all(), Set.of(type), asOf, after, upTo, AT_ONCE, deadline());
        }

        boolean hasNext() {
            return after < last;
        }

        /** The next one, which may be empty; asked for in less where there was not enough time. */
        List<ResourceVersion.Live> next() {
            while (true) {
                try {
                    HeldPage page = store.held(CALLER, next(Math.min(last, after + stride)));
                    after = page.reached();
                    return page.resources();
                } catch (Refusal e) {
                    if (e.reason() != Refusal.Reason.TOO_COSTLY || stride <= SHORTEST_STRIDE) {
                        throw e;
                    }
                    stride /= 2;
                }
            }
        }
    }
}
