package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.store.Readiness;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings types to where they can be written and searched: collections, a counter above every position, indexes. A parameter whose
 * search fields are not in all documents yet is left to {@link MakeSearchable}. Types that are served from the start are prepared one after the other in the
 * background; with indexes on first use, types that have a collection are, and the others when they are first written.
 * Collections that another server made since then are left to the background: nobody knows how much is in them by now,
 * and no request waits for that.
 */
final class PrepareTypes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrepareTypes.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** How far a type is. */
    private enum State {
        /** Nobody ever wrote it, as far as we know. */
        UNUSED,
        WAITING,
        /** Can be written. */
        POSITIONED,
        /** Was ready, and an index has vanished: can be written while everything is made sure of again. */
        LOST,
        /** Can be searched. */
        READY;

        boolean isMissing() {
            return this != UNUSED && this != READY;
        }
    }

    private final StoreDatabase database;
    private final EnsureIndexes ensureIndexes;
    private final RepairCounter repairCounter;
    private final FollowSearch follow;
    private final MakeSearchable makeSearchable;
    private final IndexBuilds builds;
    private final Map<String, State> states = new ConcurrentHashMap<>();
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Thread background = new Thread(this::prepareWaiting, "prepare-types");

    /** Wakes the background thread once everything was prepared. */
    private final Semaphore wanted = new Semaphore(0);

    private volatile @Nullable String failure = "the database was not asked yet";
    private volatile boolean closed;

    /** Touched by the background thread alone. */
    private String logged = "";

    PrepareTypes(
            StoreDatabase database,
            EnsureIndexes ensureIndexes,
            FollowSearch follow,
            MakeSearchable makeSearchable,
            Set<String> types,
            boolean onFirstUse) {
        this.database = database;
        this.ensureIndexes = ensureIndexes;
        this.repairCounter = new RepairCounter(database);
        this.follow = follow;
        this.makeSearchable = makeSearchable;
        this.builds = new IndexBuilds(database);
        types.forEach(type -> states.put(type, onFirstUse ? State.UNUSED : State.WAITING));
        background.setDaemon(true);
    }

    void start() {
        background.start();
    }

    boolean serves(String type) {
        return states.containsKey(type);
    }

    /** Returns once the type can be written; refuses while it cannot be for reasons that pass. */
    void beforeWrite(String type) {
        switch (state(type)) {
            case UNUSED -> prepareNew(type);
            case WAITING -> throw notWritable(type);
            case POSITIONED, LOST, READY -> {
                // as it should be
            }
        }
    }

    /** Of what nobody wrote yet; whoever comes second waits for the little that there is to do. */
    private void prepareNew(String type) {
        locked(type, () -> {
            if (state(type) != State.UNUSED) {
                return;
            }
            if (collections().contains(type)) {
                leaveToBackground(type);
                throw notWritable(type);
            }
            requireMember();
            prepare(type);
        });
    }

    private void leaveToBackground(String type) {
        if (states.replace(type, State.UNUSED, State.WAITING)) {
            wanted.release();
        }
    }

    /** Whether there is anything to search; refuses while indexes or search fields are missing. */
    boolean beforeSearch(String type) {
        return searchable(Set.of(type)).contains(type);
    }

    /** Those of the types of which there is anything to search; refuses while indexes of one are missing. */
    Set<String> searchable(Set<String> types) {
        noticeOthers(types);
        types.stream().filter(type -> state(type).isMissing()).findAny().ifPresent(type -> {
            throw notReady(type);
        });
        return ready(types);
    }

    /** Those of which there is anything to search by now; a type that is being prepared is left out. */
    Set<String> ready(Set<String> types) {
        noticeOthers(types);
        return types.stream().filter(type -> state(type) == State.READY).collect(Collectors.toSet());
    }

    /** Another server may have been the first to write one of them. */
    private void noticeOthers(Set<String> types) {
        if (types.stream().anyMatch(type -> state(type) == State.UNUSED)) {
            Set<String> existing = collections();
            types.stream().filter(existing::contains).forEach(this::leaveToBackground);
        }
    }

    /** Whether this process may write at all. */
    boolean mayWrite() {
        return follow.cannot().isEmpty();
    }

    Readiness readiness() {
        String reason = follow.cannot()
                .map(cannot -> failure == null ? cannot : failure)
                .orElse(failure);
        Set<String> missing = new TreeSet<>();
        states.forEach((type, state) -> {
            if (state.isMissing()) {
                missing.add(type);
            }
        });
        if (reason != null) {
            return new Readiness(false, reason);
        }
        if (!missing.isEmpty()) {
            return new Readiness(false, "preparing searches of " + String.join(", ", missing) + figures());
        }
        return new Readiness(true, remarks());
    }

    @Override
    public void close() {
        closed = true;
        background.interrupt();
    }

    private void prepareWaiting() {
        while (!closed) {
            try {
                findUsed();
                requireMember();
                RuntimeException failed = prepareEach();
                if (failed != null) {
                    throw failed;
                }
                failure = null;
                logged = "";
                wanted.acquire();
                wanted.drainPermits();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // Whatever it was, the server stays up and says so until it has passed.
                if (!closed) {
                    failure = "preparing collections and indexes failed: " + e.getMessage();
                    log(e);
                    pause();
                }
            }
        }
    }

    /** Without knowing what is searched nothing can be prepared. */
    private void requireMember() {
        follow.join();
        follow.cannot().ifPresent(cannot -> {
            throw new Refusal(Refusal.Reason.NOT_READY, cannot);
        });
    }

    /** All types can be written before the first of them is made ready to be searched, which may take long. */
    private @Nullable RuntimeException prepareEach() {
        RuntimeException failed = forEach(Set.of(State.WAITING), this::position);
        RuntimeException failedLater = forEach(Set.of(State.POSITIONED, State.LOST), this::prepare);
        return failed == null ? failedLater : failed;
    }

    /** A type that fails does not hold up those after it, unless it is the database that is away. */
    private @Nullable RuntimeException forEach(Set<State> among, Consumer<String> step) {
        RuntimeException failed = null;
        for (Map.Entry<String, State> each : states.entrySet()) {
            if (among.contains(each.getValue())) {
                try {
                    step.accept(each.getKey());
                } catch (RuntimeException e) {
                    if (closed || (e instanceof MongoException away && Refusing.isAway(away))) {
                        throw e;
                    }
                    failed = e;
                }
            }
        }
        return failed;
    }

    /** An index of one of these types has vanished: it is built again, and searches are refused until then. */
    Refusal lostIndex(Set<String> types) {
        String names = String.join(", ", new TreeSet<>(types));
        LOG.warn("an index of {} has vanished and is built again", names);
        types.forEach(type -> states.replace(type, State.READY, State.LOST));
        wanted.release();
        return notReady(names);
    }

    /** Says the same once, however often it is tried again. */
    private void log(RuntimeException e) {
        String reason = String.valueOf(e.getMessage());
        if (reason.equals(logged)) {
            return;
        }
        logged = reason;
        if (e instanceof MongoException away && Refusing.isAway(away)) {
            LOG.warn("the database is away, collections and indexes are prepared later: {}", e.getMessage());
        } else {
            LOG.warn("preparing collections and indexes failed, trying again", e);
        }
    }

    private void findUsed() {
        MongoVersion.of(database.admin()).check();
        database.database().listCollectionNames().forEach(name -> states.replace(name, State.UNUSED, State.WAITING));
        failure = null;
    }

    private void position(String type) {
        locked(type, () -> {
            if (state(type) == State.POSITIONED || state(type) == State.READY) {
                return;
            }
            ensureIndexes.positions(type);
            repairCounter.run(type);
            states.put(type, State.POSITIONED);
            // Where a write came first and what follows fails, the background goes on with it.
            wanted.release();
        });
    }

    /** Returns once everything is there that a type needs. */
    void prepareNow(String type) {
        requireMember();
        prepare(type);
    }

    private void prepare(String type) {
        locked(type, () -> {
            if (state(type) == State.READY) {
                return;
            }
            position(type);
            makeSearchable.prepare(type);
            states.put(type, State.READY);
        });
    }

    private void locked(String type, Runnable step) {
        ReentrantLock lock = Objects.requireNonNull(locks.computeIfAbsent(type, each -> new ReentrantLock()));
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    private State state(String type) {
        State state = states.get(type);
        if (state == null) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED,
                    "resources of type " + type + " are not served here; served: "
                            + String.join(", ", new TreeSet<>(states.keySet())));
        }
        return state;
    }

    private Set<String> collections() {
        return database.database().listCollectionNames().into(new HashSet<>());
    }

    private static Refusal notWritable(String type) {
        return new Refusal(Refusal.Reason.NOT_READY, "the collections of " + type + " are being prepared: try again");
    }

    private static Refusal notReady(String type) {
        return new Refusal(Refusal.Reason.NOT_READY, "searches of " + type + " are being prepared: try again");
    }

    private String figures() {
        List<String> progress = builds.progress();
        return progress.isEmpty() ? "" : " (" + String.join("; ", progress) + ")";
    }

    private String remarks() {
        List<String> remarks = new ArrayList<>(follow.remarks());
        remarks.addAll(makeSearchable.remarks());
        if (!makeSearchable.pending().isEmpty()) {
            remarks.addAll(builds.progress());
        }
        return String.join("; ", remarks);
    }

    /** What is done beside serving. */
    SearchWork work() {
        return SearchWork.of(
                makeSearchable.pendingBesideFirstLoads(), makeSearchable.fieldsProgress(), builds.present());
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
