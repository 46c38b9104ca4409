package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.store.Readiness;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings types to where they can be written and searched: collections, indexes, a counter above every position. Types that
 * are served from the start are prepared one after the other in the background; with indexes on first use, types that have
 * a collection are, and the others when they are first written.
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
        /** Can be searched. */
        READY
    }

    private final StoreDatabase database;
    private final EnsureIndexes ensureIndexes;
    private final RepairCounter repairCounter;
    private final IndexBuilds builds;
    private final Map<String, State> states = new ConcurrentHashMap<>();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final Map<String, List<String>> extraIndexes = new ConcurrentHashMap<>();
    private final Thread background = new Thread(this::prepareWaiting, "prepare-types");

    /** Wakes the background thread once everything was prepared. */
    private final Semaphore wanted = new Semaphore(0);

    private volatile @Nullable String failure = "the database was not asked yet";
    private volatile boolean closed;

    /** Touched by the background thread alone. */
    private String logged = "";

    PrepareTypes(StoreDatabase database, EnsureIndexes ensureIndexes, Set<String> types, boolean onFirstUse) {
        this.database = database;
        this.ensureIndexes = ensureIndexes;
        this.repairCounter = new RepairCounter(database);
        this.builds = new IndexBuilds(database);
        types.forEach(type -> states.put(type, onFirstUse ? State.UNUSED : State.WAITING));
        background.setDaemon(true);
    }

    void start() {
        background.start();
    }

    /** Returns once the type can be written; refuses while it cannot be for reasons that pass. */
    void beforeWrite(String type) {
        switch (state(type)) {
            case UNUSED -> prepare(type);
            case WAITING -> throw notReady(type);
            case POSITIONED, READY -> {
                // as it should be
            }
        }
    }

    /** Whether there is anything to search; refuses while indexes are missing. */
    boolean beforeSearch(String type) {
        return searchable(Set.of(type)).contains(type);
    }

    /** Those of the types of which there is anything to search; refuses while indexes of one are missing. */
    Set<String> searchable(Set<String> types) {
        Set<String> existing = types.stream().anyMatch(type -> state(type) == State.UNUSED) ? collections() : Set.of();
        return types.stream()
                .filter(type -> beforeSearch(type, existing.contains(type)))
                .collect(Collectors.toSet());
    }

    private boolean beforeSearch(String type, boolean exists) {
        State state = state(type);
        if (state == State.UNUSED && exists) {
            // Another server wrote it first.
            prepare(type);
        } else if (state == State.WAITING || state == State.POSITIONED) {
            throw notReady(type);
        }
        return state(type) == State.READY;
    }

    Readiness readiness() {
        String reason = failure;
        Set<String> missing = new TreeSet<>();
        states.forEach((type, state) -> {
            if (state == State.WAITING || state == State.POSITIONED) {
                missing.add(type);
            }
        });
        if (reason != null) {
            return new Readiness(false, reason);
        }
        if (!missing.isEmpty()) {
            return new Readiness(false, "building indexes of " + String.join(", ", missing) + figures());
        }
        return new Readiness(true, extraIndexes.isEmpty() ? "" : "indexes that nothing needs: " + sortedExtra());
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

    /** A type that fails does not hold up those after it, unless it is the database that is away. */
    private @Nullable RuntimeException prepareEach() {
        RuntimeException failed = null;
        for (Map.Entry<String, State> each : states.entrySet()) {
            if (each.getValue() == State.WAITING || each.getValue() == State.POSITIONED) {
                try {
                    prepare(each.getKey());
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
        types.forEach(type -> states.replace(type, State.READY, State.POSITIONED));
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
        database.database().listCollectionNames().forEach(name -> states.replace(name, State.UNUSED, State.WAITING));
        failure = null;
    }

    private void prepare(String type) {
        synchronized (Objects.requireNonNull(locks.computeIfAbsent(type, each -> new Object()))) {
            if (state(type) == State.READY) {
                return;
            }
            ensureIndexes.positions(type);
            repairCounter.run(type);
            states.put(type, State.POSITIONED);
            // Where a write came first and this fails, the background goes on with it.
            wanted.release();
            List<String> extra = ensureIndexes.searches(type);
            if (!extra.isEmpty()) {
                LOG.warn("indexes of {} that nothing needs: {}", type, extra);
                extraIndexes.put(type, extra);
            }
            states.put(type, State.READY);
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

    private Refusal notReady(String type) {
        return new Refusal(
                Refusal.Reason.NOT_READY, "indexes of " + type + " are being built" + figures() + ": try again");
    }

    private String figures() {
        List<String> progress = builds.progress();
        return progress.isEmpty() ? "" : " (" + String.join("; ", progress) + ")";
    }

    private String sortedExtra() {
        return new TreeMap<>(extraIndexes).toString();
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
