package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import miroir.index.SearchParameter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every parameter of what is searched to where it can be searched, in the background: its fields are in all documents, and
 * its indexes are there. Until then it is pending, and everything else goes on.
 *
 * <p>A parameter is complete where the fields that it has now began with a number that all documents of its type have reached. That is
 * worked on once nothing older can be committed, by one process for each type; the others look at the mark. Indexes are built by whoever comes first, and
 * waited for by all.
 */
final class MakeSearchable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MakeSearchable.class);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** Within so many times of looking every process has looked once. */
    private static final int LOOKS = 3;

    private final StoreDatabase database;
    private final ZoneId zone;
    private final Floors floors;
    private final EnsureIndexes ensureIndexes;
    private final FieldsMarks marks;
    private final FirstLoads firstLoads;
    private final RefreshFields refreshFields;
    private final FollowSearch follow;
    private final Duration lookAgain;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread worker = new Thread(this::work, "make-searchable");

    /** By type, the indexes that are known to be there; no entry: not looked at yet. */
    private final Map<String, Set<WantedIndex>> built = new ConcurrentHashMap<>();

    private final Map<String, List<String>> unneeded = new ConcurrentHashMap<>();
    private final Map<String, Long> lookedAtUnneeded = new ConcurrentHashMap<>();
    private final Set<String> triedAgain = ConcurrentHashMap.newKeySet();
    private volatile long closedBelow;

    /** Under which number there was nothing pending; 0: not known. */
    private volatile long doneWith;

    /** How often something was prepared or lost. */
    private long changes;

    private volatile @Nullable Indexed last;
    private volatile @Nullable String failure;
    private volatile boolean closed;

    /** What is searched, with the indexes for it. */
    private record Indexed(LoadedSearch search, TypeIndexes indexes) {}

    MakeSearchable(
            StoreDatabase database,
            ZoneId zone,
            Floors floors,
            EnsureIndexes ensureIndexes,
            FieldsMarks marks,
            RefreshFields refreshFields,
            FollowSearch follow,
            Duration poll) {
        this.database = database;
        this.zone = zone;
        this.floors = floors;
        this.ensureIndexes = ensureIndexes;
        this.marks = marks;
        this.firstLoads = new FirstLoads(database);
        this.refreshFields = refreshFields;
        this.follow = follow;
        this.lookAgain = poll.compareTo(LOOK_AGAIN) < 0 ? poll : LOOK_AGAIN;
        worker.setDaemon(true);
    }

    void start() {
        worker.start();
    }

    /** Has the worker look at once. */
    void nudge() {
        wanted.release();
    }

    /** Brings a type to where everything that is complete can be searched; there may be nothing of it yet, and then that is all. */
    void prepare(String type) {
        Indexed now = indexed();
        LoadedSearch search = now.search();
        marks.read(type);
        readFirstLoads();
        if (isBehind(search, type) && isEmpty(type) && canBegin(search, type)) {
            refreshFields.runOnNothing(type, documents(search));
        }
        if (follow.isWritten(search.number())) {
            lookAtUnneeded(search, now.indexes(), type);
        }
        Set<WantedIndex> some = wanted(search, now.indexes(), type, true);
        ensureIndexes.searches(type, some);
        built.put(type, some);
        lookAnew();
    }

    /**
     * Has a type loaded without the indexes of searches, which is no use where there is something of it already, nor possible where somebody else does that.
     * All processes know of it before they are dropped.
     */
    Optional<FirstLoad> firstLoad(String type) {
        HoldJob job = firstLoads.job(type);
        if (!isEmpty(type) || job.take(true).isEmpty()) {
            return Optional.empty();
        }
        FirstLoad load = new FirstLoad(job, () -> makeIndexes(type), this::readFirstLoads);
        try {
            readFirstLoads();
            pause(LOOKS * lookAgain.toNanos());
            ensureIndexes.dropOfSearches(type, indexed().indexes());
            return Optional.of(load);
        } catch (RuntimeException e) {
            load.close();
            throw e;
        }
    }

    private void makeIndexes(String type) {
        Indexed now = indexed();
        Set<WantedIndex> all = all(now.search(), now.indexes(), type, false);
        ensureIndexes.more(type, now.indexes(), all);
        built.replace(type, all);
    }

    /** What was loaded for the first time until now has indexes of which nothing is known here. */
    private void readFirstLoads() {
        Set<String> over = firstLoads.readOver();
        if (over == null) {
            return;
        }
        over.forEach(type -> built.replace(type, Set.of()));
        lookAnew();
    }

    /** Whether nothing of that number is pending, as far as is known without looking. */
    boolean isDone(long number) {
        return doneWith == number;
    }

    private synchronized void lookAnew() {
        changes++;
        doneWith = 0;
        wanted.release();
    }

    private synchronized long changes() {
        return changes;
    }

    private synchronized void done(long asOf, long number) {
        if (changes == asOf) {
            doneWith = number;
        }
    }

    /** Why a parameter cannot be searched yet. */
    Optional<String> why(LoadedSearch search, TypeIndexes indexes, String type, String code) {
        if (isDone(search.number())) {
            return Optional.empty();
        }
        SearchParameter parameter = search.made().registry().find(type, code);
        if (parameter == null || isComplete(search, indexes, parameter)) {
            return Optional.empty();
        }
        if (firstLoads.isOn(type)) {
            return Optional.of(
                    "the search parameter " + type + "." + code + " cannot be searched yet: " + FirstLoads.words(type));
        }
        if (!marks.reach(type, search.kept().since(type, code))) {
            String progress = marks.progress(type);
            return Optional.of(
                    "the search parameter " + type + "." + code + " cannot be searched yet: its fields are being made"
                            + (progress.isEmpty() ? "" : ", " + progress));
        }
        return Optional.of(
                "the search parameter " + type + "." + code + " cannot be searched yet: its index is being built");
    }

    /** Nothing can be said of a type that is not prepared, and is not searched either. Of one that is loaded for the first time a part would be found. */
    private boolean isComplete(LoadedSearch search, TypeIndexes indexes, SearchParameter parameter) {
        String type = parameter.type();
        if (firstLoads.isOn(type) && !parameter.isBuiltIn()) {
            return false;
        }
        Set<WantedIndex> there = built.get(type);
        return there == null
                || (marks.reach(type, search.kept().since(type, parameter.code()))
                        && there.containsAll(indexes.of(parameter)));
    }

    /** Reads what other processes have got done, whatever this one works on. */
    void readMarks() {
        readFirstLoads();
        LoadedSearch search = indexed().search();
        Set<String> behind =
                built.keySet().stream().filter(type -> isBehind(search, type)).collect(Collectors.toSet());
        if (!behind.isEmpty() && marks.readNews(behind)) {
            nudge();
        }
    }

    /** By type, the parameters that cannot be searched yet. */
    Map<String, List<String>> pending() {
        Indexed now = indexed();
        if (isDone(now.search().number())) {
            return Map.of();
        }
        Map<String, List<String>> pending = new TreeMap<>();
        for (String type : built.keySet()) {
            List<String> ofType = now.search().made().registry().of(type).stream()
                    .filter(parameter -> !isComplete(now.search(), now.indexes(), parameter))
                    .map(SearchParameter::code)
                    .toList();
            if (!ofType.isEmpty()) {
                pending.put(type, ofType);
            }
        }
        return pending;
    }

    /** The same of types that are not loaded for the first time, of which nobody waits for what is being done. */
    Map<String, List<String>> pendingBesideFirstLoads() {
        Map<String, List<String>> pending = new TreeMap<>(pending());
        pending.keySet().removeIf(firstLoads::isOn);
        return pending;
    }

    /** How far the making of search fields is, whoever does it. */
    FieldsMarks.Progress fieldsProgress() {
        return marks.progress();
    }

    private Indexed indexed() {
        LoadedSearch search = follow.known();
        Indexed latest = last;
        if (latest == null || latest.search().number() != search.number()) {
            latest = new Indexed(search, new TypeIndexes(search.made().registry()));
            last = latest;
        }
        return latest;
    }

    /** Of which some resources keep search fields of another configuration. */
    Set<String> incompleteTypes() {
        return marks.incomplete();
    }

    /** In words, each a sentence or a part of one. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        String failed = failure;
        if (failed != null) {
            remarks.add(failed);
        }
        firstLoads.types().forEach(type -> remarks.add(FirstLoads.words(type)));
        pendingBesideFirstLoads().forEach((type, codes) -> {
            String progress = marks.progress(type);
            remarks.add("search parameters of " + type + " that cannot be searched yet: " + String.join(", ", codes)
                    + (progress.isEmpty() ? "" : " (search fields of " + type + ": " + progress + ")"));
        });
        if (!unneeded.isEmpty()) {
            remarks.add("indexes that nothing needs: " + new TreeMap<>(unneeded));
        }
        Map<String, Long> left = marks.left();
        if (!left.isEmpty()) {
            remarks.add("versions that keep search fields of another configuration, see the log: " + left);
        }
        return remarks;
    }

    @Override
    public void close() {
        closed = true;
        wanted.release();
        if (Thread.currentThread() != worker) {
            LockSupport.unpark(worker);
            await();
        }
        worker.interrupt();
    }

    /** So that what it holds is given back to others. */
    private void await() {
        try {
            worker.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (!closed) {
            try {
                long asOf = changes();
                LoadedSearch search = indexed().search();
                boolean done = workOnEach();
                failure = null;
                if (done && pending().isEmpty()) {
                    done(asOf, search.number());
                }
                follow.wake();
                if (done) {
                    wanted.acquire();
                } else {
                    wanted.tryAcquire(lookAgain.toNanos(), TimeUnit.NANOSECONDS);
                }
                wanted.drainPermits();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    report(e);
                    pause(LOOK_AGAIN.toNanos());
                }
            }
        }
    }

    private void report(RuntimeException e) {
        String reason = "making search parameters searchable failed: " + e.getMessage();
        if (!reason.equals(failure)) {
            if (e instanceof MongoException away && Refusing.isAway(away)) {
                LOG.warn("the database is away, search parameters are made searchable later: {}", e.getMessage());
            } else {
                LOG.warn("making search parameters searchable failed, trying again", e);
            }
        }
        failure = reason;
    }

    /** Whether there is nothing left to do. */
    private boolean workOnEach() {
        Indexed now = indexed();
        LoadedSearch search = now.search();
        if (!follow.isWritten(search.number())) {
            return search.number() == 0;
        }
        boolean done = true;
        RuntimeException failed = null;
        for (String type : smallestFirst(search)) {
            try {
                done &= workOn(search, now.indexes(), type);
            } catch (RuntimeException e) {
                if (closed || (e instanceof MongoException away && Refusing.isAway(away))) {
                    throw e;
                }
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return done;
    }

    /** So that no type with little in it waits for one with much. */
    private List<String> smallestFirst(LoadedSearch search) {
        Set<String> types = Set.copyOf(built.keySet());
        if (types.stream().filter(type -> isBehind(search, type)).count() < 2) {
            return List.copyOf(types);
        }
        Map<String, Long> sizes = new HashMap<>();
        for (String type : types) {
            sizes.put(type, isBehind(search, type) ? database.current(type).estimatedDocumentCount() : 0L);
        }
        return sizes.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean workOn(LoadedSearch search, TypeIndexes indexes, String type) {
        if (isBehind(search, type) || (marks.hasLeft(type) && triedAgain.add(type))) {
            refresh(search, type);
        }
        build(search, indexes, type);
        return !isBehind(search, type);
    }

    private void refresh(LoadedSearch search, String type) {
        boolean again = marks.hasLeft(type);
        marks.read(type);
        if ((!isBehind(search, type) && !again) || !canBegin(search, type)) {
            return;
        }
        triedAgain.add(type);
        long fields = search.kept().fieldsOf(type);
        refreshFields.run(
                type,
                documents(search),
                () -> !closed
                        && follow.isWritten(fields)
                        && fields == follow.known().kept().fieldsOf(type));
        marks.read(type);
        follow.wake();
    }

    private void build(LoadedSearch search, TypeIndexes indexes, String type) {
        Set<WantedIndex> there = built.get(type);
        // An index is made at once, and smaller, of fields that are there: not while they are made, nor before that can
        // begin.
        Set<WantedIndex> wantedNow = wanted(search, indexes, type, isBehind(search, type));
        if (there == null) {
            return;
        }
        boolean isNew = !Long.valueOf(search.number()).equals(lookedAtUnneeded.get(type));
        if (!there.containsAll(wantedNow)) {
            ensureIndexes.more(type, indexes, wantedNow);
            built.replace(type, there, wantedNow);
            follow.wake();
        }
        if (isNew) {
            lookAtUnneeded(search, indexes, type);
            built.computeIfPresent(type, (same, before) -> before.containsAll(wantedNow) ? wantedNow : before);
        }
    }

    private void lookAtUnneeded(LoadedSearch search, TypeIndexes indexes, String type) {
        List<String> extra = ensureIndexes.unneeded(type, indexes);
        if (extra.isEmpty()) {
            unneeded.remove(type);
        } else if (!extra.equals(unneeded.put(type, extra))) {
            LOG.warn("indexes of {} that nothing needs: {}", type, extra);
        }
        lookedAtUnneeded.put(type, search.number());
    }

    /** The indexes of a type's parameters: of all, or of those whose fields are complete; those that are not made before everything is there are left out. */
    private Set<WantedIndex> wanted(LoadedSearch search, TypeIndexes indexes, String type, boolean completeOnly) {
        Set<WantedIndex> wanted = all(search, indexes, type, completeOnly);
        if (firstLoads.isOn(type)) {
            wanted.retainAll(TypeIndexes.ofCurrentWith(List.of()));
        }
        return wanted;
    }

    private Set<WantedIndex> all(LoadedSearch search, TypeIndexes indexes, String type, boolean completeOnly) {
        Set<WantedIndex> some = new HashSet<>();
        for (SearchParameter parameter : search.made().registry().of(type)) {
            if (!completeOnly || marks.reach(type, search.kept().since(type, parameter.code()))) {
                some.addAll(indexes.of(parameter));
            }
        }
        return some;
    }

    private boolean isBehind(LoadedSearch search, String type) {
        return !marks.reach(type, search.kept().fieldsOf(type));
    }

    private boolean isEmpty(String type) {
        return database.current(type).estimatedDocumentCount() == 0
                && database.history(type).estimatedDocumentCount() == 0;
    }

    /** Whether nothing older than the fields of a type can be committed any more. */
    private boolean canBegin(LoadedSearch search, String type) {
        long fields = search.kept().fieldsOf(type);
        if (!follow.isWritten(fields)) {
            return false;
        }
        if (!FieldsNumber.isAtLeast(closedBelow, fields) && floors.close(fields)) {
            closedBelow = fields;
        }
        return FieldsNumber.isAtLeast(closedBelow, fields);
    }

    private VersionDocuments documents(LoadedSearch search) {
        return search.documents(zone);
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
