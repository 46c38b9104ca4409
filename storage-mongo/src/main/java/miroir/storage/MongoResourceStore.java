package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.Condition;
import miroir.index.search.Inclusion;
import miroir.index.store.Caller;
import miroir.index.store.Copied;
import miroir.index.store.Criteria;
import miroir.index.store.Deadline;
import miroir.index.store.Erased;
import miroir.index.store.Explanation;
import miroir.index.store.HeldPage;
import miroir.index.store.HeldQuery;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import miroir.index.store.InclusionQuery;
import miroir.index.store.KeptReports;
import miroir.index.store.Labels;
import miroir.index.store.MakeSearch;
import miroir.index.store.Newest;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import miroir.index.store.SearchFields;
import miroir.index.store.SearchInForce;
import miroir.index.store.StoredSize;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.index.store.VersionStamp;
import miroir.index.store.Written;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Resources in MongoDB. */
public final class MongoResourceStore implements ResourceStore {
    private static final Logger LOG = LoggerFactory.getLogger(MongoResourceStore.class);

    private final StoreDatabase database;

    /** Null where the primary answers everything. */
    private final @Nullable ReadElsewhere elsewhere;

    private final PrepareTypes prepareTypes;
    private final ReadCurrent readCurrent;
    private final PutResource putResource;
    private final PutTogether putTogether;
    private final CreateOnce createUnlessFound;
    private final DeleteResource deleteResource;
    private final IsUnchanged isUnchanged;
    private final ShareSecret shareSecret;
    private final ReadVersion readVersion;
    private final SelectHistory selectHistory;
    private final EraseResource eraseResource;
    private final SelectErased selectErased;
    private final ReadCopies readCopies;
    private final KeepReports keepReports;
    private final HeldFloor heldFloor;
    private final FindSettled findSettled;
    private final @Nullable KeepHistory keepHistory;
    private final KeepQuery keepQuery;
    private final FindQuery findQuery;
    private final MirroredResources mirrored;
    private final OpenNumbers numbers;
    private final FollowFormat format;

    /** Null where this process leaves it to others. */
    private final @Nullable MigrateFormat migrateFormat;

    private final FollowSearch follow;
    private final MakeSearchable makeSearchable;
    private final SearchViews views;

    /** What is searched: the newest at each call, or the same at all calls. */
    private final Supplier<SearchView> view;

    private final TakePositions takePositions;
    private final RunTransaction runTransaction;

    /** Makes what guards need, before a transaction. */
    private final Runnable prepareGuards;

    /** Null where references need not be to anything. */
    private final @Nullable KeepIntegrity keepIntegrity;

    private final Integrity integrity;

    private final boolean isWithinTransaction;

    /** Whether it belongs to another, which closes it. */
    private final boolean isFixed;

    private volatile boolean hasTransactions;

    private MongoResourceStore(
            StoreDatabase database,
            MongoStoreSettings settings,
            MakeSearch makeSearch,
            FloorTerms terms,
            SearchTerms searchTerms,
            FormatSteps formatSteps) {
        this.database = database;
        this.elsewhere = database.elsewhere();
        this.isWithinTransaction = false;
        this.isFixed = false;
        this.numbers = new OpenNumbers();
        this.format = new FollowFormat(database, formatSteps);
        this.follow = new FollowSearch(database, makeSearch, settings, numbers, format, searchTerms);
        this.migrateFormat = settings.upkeep() == null
                ? null
                : new MigrateFormat(
                        database, formatSteps, format, follow, settings.search().documentsPerSecond(), searchTerms);
        Floors floors = new MongoFloors(database);
        FieldsMarks marks = new FieldsMarks(database);
        EnsureIndexes ensureIndexes = new EnsureIndexes(database, settings.dropExtraIndexes());
        this.makeSearchable = new MakeSearchable(
                database,
                settings.zone(),
                floors,
                ensureIndexes,
                marks,
                new RefreshFields(database, marks, settings.search().documentsPerSecond(), searchTerms.job()),
                follow,
                searchTerms.poll());
        this.prepareTypes = new PrepareTypes(
                database, ensureIndexes, follow, makeSearchable, settings.types(), settings.indexesOnFirstUse());
        this.views = new SearchViews(database, follow, makeSearchable, prepareTypes, searchTerms.fewEnded());
        this.view = views::newest;
        CommitClock clock = new CommitClock(database);
        OpenCommits open = new OpenCommits();
        this.heldFloor = new HeldFloor(floors, clock::now, terms, open, numbers);
        this.findSettled = new FindSettled(floors, heldFloor.process(), open);
        Commits commits = new Commits(heldFloor, open, numbers, clock);
        CommitVersion commitVersion = new CommitVersion(database);
        this.readCurrent = new ReadCurrent(database);
        RemoveHistory removeHistory = new RemoveHistory(database);
        this.takePositions = new TakePositions(database);
        this.putResource =
                new PutResource(database, readCurrent, takePositions, commitVersion, numbers, commits, removeHistory);
        this.putTogether = new PutTogether(database, prepareTypes, readCurrent, takePositions, commits);
        CreateUnlessFound guarded = new CreateUnlessFound(database, terms);
        this.createUnlessFound = guarded;
        IntegritySettings ofReferences = settings.integrity();
        KeepIntegrity kept = ofReferences.equals(IntegritySettings.none())
                ? null
                : new KeepIntegrity(
                        database,
                        ofReferences,
                        new FindTargets(database, prepareTypes),
                        new FindReferring(database, views::newest, prepareTypes, makeSearchable::incompleteTypes),
                        terms);
        this.keepIntegrity = kept;
        this.integrity = kept == null ? Integrity.none() : kept;
        this.prepareGuards = () -> {
            guarded.prepare();
            if (kept != null) {
                kept.prepare();
            }
        };
        this.runTransaction = new RunTransaction(database, heldFloor, open, numbers);
        this.mirrored = new MirroredResources(
                database,
                prepareTypes,
                makeSearchable,
                new IngestResources(database, takePositions, commits, commitVersion, removeHistory));
        this.deleteResource = new DeleteResource(database, readCurrent, commitVersion, commits, removeHistory);
        this.eraseResource = new EraseResource(database, readCurrent, commitVersion, commits, removeHistory);
        this.selectErased = new SelectErased(database);
        this.readCopies = new ReadCopies(database);
        this.keepReports = new KeepReports(database);
        this.readVersion = new ReadVersion(database, readCurrent);
        FindEnd findEnd = new FindEnd(database);
        this.selectHistory = new SelectHistory(database, new ShownVersions(database, findEnd));
        HistoryUpkeep upkeep = settings.upkeep();
        this.keepHistory = upkeep == null
                ? null
                : new KeepHistory(
                        database,
                        prepareTypes,
                        new EndOrphans(database, commitVersion, commits),
                        new RepairHistory(database, selectErased, findEnd),
                        settings.types(),
                        upkeep);
        this.isUnchanged = new IsUnchanged(database);
        this.shareSecret = new ShareSecret(database);
        this.keepQuery = new KeepQuery(database);
        this.findQuery = new FindQuery(database);
    }

    /** The same store within a transaction: what it reads and writes, it reads and writes there. */
    private MongoResourceStore(
            MongoResourceStore whole, OpenTransaction transaction, @Nullable TransactionGuards guards) {
        this.database = transaction.read();
        this.elsewhere = null;
        this.isWithinTransaction = true;
        this.isFixed = true;
        KeepIntegrity kept = whole.keepIntegrity;
        this.keepIntegrity = kept;
        this.integrity = kept == null || guards == null
                ? Integrity.none()
                : kept.within(transaction, whole.runTransaction.longest(), guards);
        this.prepareTypes = whole.prepareTypes;
        this.numbers = whole.numbers;
        this.format = whole.format;
        this.migrateFormat = whole.migrateFormat;
        this.follow = whole.follow;
        this.makeSearchable = whole.makeSearchable;
        this.views = whole.views;
        SearchView within = whole.view.get().asOfNow().apply(database);
        this.view = () -> within;
        this.takePositions = whole.takePositions;
        this.heldFloor = whole.heldFloor;
        this.findSettled = whole.findSettled;
        this.keepHistory = whole.keepHistory;
        this.mirrored = whole.mirrored;
        this.eraseResource = whole.eraseResource;
        this.selectErased = whole.selectErased;
        this.readCopies = whole.readCopies;
        this.keepReports = whole.keepReports;
        this.shareSecret = whole.shareSecret;
        this.keepQuery = whole.keepQuery;
        this.findQuery = whole.findQuery;
        this.runTransaction = whole.runTransaction;
        this.prepareGuards = whole.prepareGuards;
        ReadCurrent readBefore = new ReadCurrent(transaction.written());
        RemoveHistory removeHistory = new RemoveHistory(whole.database);
        this.putResource =
                new PutResource(database, readBefore, takePositions, transaction, numbers, transaction, removeHistory);
        this.putTogether = whole.putTogether;
        this.deleteResource = new DeleteResource(database, readBefore, transaction, transaction, removeHistory);
        this.createUnlessFound = new CreateWithinTransaction(database);
        this.readCurrent = new ReadCurrent(database);
        this.readVersion = new ReadVersion(database, readCurrent);
        this.selectHistory = new SelectHistory(database, new ShownVersions(database, new FindEnd(database)));
        this.isUnchanged = new IsUnchanged(database);
    }

    /** The same store with what was searched at some moment, reading what this database has. */
    private MongoResourceStore(MongoResourceStore whole, SearchView fixed, StoreDatabase read) {
        this.database = read;
        this.elsewhere = whole.elsewhere;
        this.isWithinTransaction = whole.isWithinTransaction;
        this.numbers = whole.numbers;
        this.format = whole.format;
        this.migrateFormat = whole.migrateFormat;
        this.follow = whole.follow;
        this.makeSearchable = whole.makeSearchable;
        this.views = whole.views;
        this.view = () -> fixed;
        this.prepareTypes = whole.prepareTypes;
        this.readCurrent = new ReadCurrent(read);
        this.putResource = whole.putResource;
        this.putTogether = whole.putTogether;
        this.createUnlessFound = whole.createUnlessFound;
        this.deleteResource = whole.deleteResource;
        this.isUnchanged = whole.isUnchanged;
        this.shareSecret = whole.shareSecret;
        this.readVersion = new ReadVersion(read, readCurrent);
        this.selectHistory = new SelectHistory(read, new ShownVersions(read, new FindEnd(read)));
        this.eraseResource = whole.eraseResource;
        this.selectErased = whole.selectErased;
        this.readCopies = whole.readCopies;
        this.keepReports = whole.keepReports;
        this.heldFloor = whole.heldFloor;
        this.findSettled = whole.findSettled;
        this.keepHistory = whole.keepHistory;
        this.keepQuery = whole.keepQuery;
        this.findQuery = whole.findQuery;
        this.mirrored = whole.mirrored;
        this.takePositions = whole.takePositions;
        this.runTransaction = whole.runTransaction;
        this.prepareGuards = whole.prepareGuards;
        this.keepIntegrity = whole.keepIntegrity;
        this.integrity = whole.integrity;
        this.isFixed = true;
    }

    /**
     * Opens a store and begins to prepare its types in the background: {@link #readiness} tells when searches can be
     * answered. A database that is away is waited for in the same way.
     *
     * @throws miroir.index.yaml.ConfigurationRefused where what is to be searched is not understood
     */
    public static MongoResourceStore open(MongoStoreSettings settings, MakeSearch makeSearch) {
        return open(new StoreDatabase(settings), settings, makeSearch, FloorTerms.usual(), SearchTerms.usual());
    }

    /** The same where what is searched never changes. */
    public static MongoResourceStore open(
            MongoStoreSettings settings, SearchParameterRegistry registry, SearchFields searchFields) {
        return open(settings, registry, searchFields, FloorTerms.usual());
    }

    static MongoResourceStore open(
            MongoStoreSettings settings,
            SearchParameterRegistry registry,
            SearchFields searchFields,
            FloorTerms terms) {
        return open(new StoreDatabase(settings), settings, registry, searchFields, terms);
    }

    static MongoResourceStore open(
            StoreDatabase database,
            MongoStoreSettings settings,
            SearchParameterRegistry registry,
            SearchFields searchFields,
            FloorTerms terms) {
        return open(
                database,
                settings,
                new SameSearch(registry, searchFields, settings.zone()),
                terms,
                SearchTerms.usual());
    }

    static MongoResourceStore open(
            StoreDatabase database,
            MongoStoreSettings settings,
            MakeSearch makeSearch,
            FloorTerms terms,
            SearchTerms searchTerms) {
        return open(database, settings, makeSearch, terms, searchTerms, FormatSteps.shipped());
    }

    /** With other steps of the stored format than there are. */
    static MongoResourceStore open(
            StoreDatabase database,
            MongoStoreSettings settings,
            MakeSearch makeSearch,
            FloorTerms terms,
            SearchTerms searchTerms,
            FormatSteps formatSteps) {
        MongoResourceStore store;
        try {
            store = new MongoResourceStore(database, settings, makeSearch, terms, searchTerms, formatSteps);
            store.format.lookAtStart();
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        store.views.start();
        store.follow.start(store.listener());
        store.prepareTypes.start();
        store.makeSearchable.start();
        store.heldFloor.start();
        if (store.keepHistory != null) {
            store.keepHistory.start();
        }
        if (store.migrateFormat != null) {
            store.migrateFormat.start();
        }
        return store;
    }

    private SearchListener listener() {
        return new SearchListener() {
            @Override
            public void loaded(LoadedSearch loaded) {
                views.use(loaded);
                makeSearchable.nudge();
                follow.wake();
            }

            @Override
            public void written() {
                makeSearchable.nudge();
            }

            @Override
            public void followed() {
                makeSearchable.readMarks();
                views.nudge();
                if (migrateFormat != null) {
                    migrateFormat.followed();
                }
            }
        };
    }

    /** What is searched at present, also where the database was not asked yet. */
    public SearchInForce inForce() {
        return view.get().inForce();
    }

    /**
     * Has somebody told of what is searched whenever it is another, and whenever something of it can be searched that could not
     * be before. He is told in a thread of the store, which waits for him.
     */
    public void whenChanged(Consumer<SearchInForce> told) {
        views.tell(told);
    }

    /**
     * The same store for a request that works with what was in force at its beginning: an answer of it is refused as not ready where
     * what it was asked for means something else by now.
     */
    public MongoResourceStore of(SearchInForce inForce) {
        return new MongoResourceStore(this, views.of(inForce), database);
    }

    /** The same store, whose reads and searches are answered by those members of the database that are meant to. */
    public ResourceStore reading() {
        return elsewhere == null ? this : new ReadingStore(this);
    }

    /** Reads from those members of the database that are meant to answer reads, whatever of it was acknowledged to anybody until now. */
    public <T> T reading(Deadline deadline, Function<MongoResourceStore, T> read) {
        ReadElsewhere others = elsewhere;
        if (others == null) {
            return read.apply(this);
        }
        Function<StoreDatabase, SearchView> seen = view.get().asOfNow();
        return Refusing.failures(
                "reading",
                () -> others.run(
                        database,
                        deadline,
                        there -> read.apply(new MongoResourceStore(this, seen.apply(there), there))));
    }

    /** How long a read by an id may take. */
    Deadline operation() {
        return Deadline.in(database.operationTimeout());
    }

    /** Looks at once whether files or stored parameters have changed, as after one was written here. */
    public void lookForChange() {
        follow.nudge();
    }

    @Override
    public Optional<ResourceVersion> read(Caller caller, ResourceKey key) {
        admit(caller);
        return Refusing.failures(
                "reading " + key, () -> current(caller.seen(), key).map(StoredVersion::version));
    }

    private Optional<StoredVersion> current(Scope seen, ResourceKey key) {
        Condition scope = seen.of(key.type());
        return seen.isEverything()
                ? readCurrent.content(key, scope)
                : narrowed(seen, key, () -> readCurrent.content(key, scope));
    }

    /** What is read by an id within a scope. */
    private Optional<StoredVersion> narrowed(Scope seen, ResourceKey key, Supplier<Optional<StoredVersion>> read) {
        String type = key.type();
        return seen.of(type).isNone() ? Optional.empty() : view.get().within(seen, Set.of(type), read);
    }

    @Override
    public Optional<ResourceVersion> readVersion(Caller caller, ResourceKey key, long version) {
        admit(caller);
        return Refusing.failures(
                "reading " + key + " version " + version,
                () -> version(caller.seen(), key, version).map(StoredVersion::version));
    }

    private Optional<StoredVersion> version(Scope seen, ResourceKey key, long version) {
        Condition scope = seen.of(key.type());
        return seen.isEverything()
                ? readVersion.run(key, version, scope)
                : narrowed(seen, key, () -> readVersion.run(key, version, scope));
    }

    @Override
    public HistoryPage history(Caller caller, HistoryQuery query) {
        admit(caller);
        return Refusing.failures(
                "reading a history",
                () -> query.of() instanceof HistoryQuery.Types of
                        ? historyOf(of.types(), caller, query)
                        : historyOf(((HistoryQuery.Resource) query.of()).key(), caller, query));
    }

    private HistoryPage historyOf(ResourceKey key, Caller caller, HistoryQuery query) {
        return view.get()
                .within(
                        caller.seen(),
                        Set.of(key.type()),
                        () -> database.searchTurns()
                                .when(query.deadline(), () -> selectHistory.run(caller.seen(), query)));
    }

    private HistoryPage historyOf(Set<String> types, Caller caller, HistoryQuery query) {
        Scope seen = caller.seen();
        Set<String> used = prepareTypes.searchable(
                types.stream().filter(type -> !seen.of(type).isNone()).collect(Collectors.toSet()));
        HistoryQuery ofUsed = query.of(new HistoryQuery.Types(used));
        return view.get()
                .within(seen, used, () -> unchecked(types, query.deadline(), () -> selectHistory.run(seen, ofUsed)));
    }

    @Override
    public Instant settled(Caller caller, Duration patience, Deadline deadline) {
        admit(caller);
        refuseWithinTransaction("a history or a search by _lastUpdated");
        return Refusing.failures("finding what is settled", () -> findSettled.run(patience, deadline));
    }

    @Override
    public boolean isUnchangedSince(Caller caller, Set<String> types, Instant settled, Deadline deadline) {
        return isUnchangedSince(caller, types, settled, null, deadline);
    }

    /** What other members tell of their time, and what a transaction sees, is not known here. */
    @Override
    public <T> Newest<T> newest(Caller caller, Set<String> types, Supplier<T> read) {
        if (elsewhere != null || isWithinTransaction) {
            return ResourceStore.super.newest(caller, types, read);
        }
        StoreDatabase.Timed<T> timed = database.timed(read);
        return new Newest<>(
                timed.found(), (settled, deadline) -> isUnchangedSince(caller, types, settled, timed.asOf(), deadline));
    }

    /** By what there was at a time of the database, or later; null: now. */
    private boolean isUnchangedSince(
            Caller caller, Set<String> types, Instant settled, @Nullable BsonTimestamp asOf, Deadline deadline) {
        admit(caller);
        refuseWithinTransaction("a search of several pages (with a larger _count it may have one)");
        Set<String> used = prepareTypes.searchable(
                types.stream().filter(prepareTypes::serves).collect(Collectors.toSet()));
        return Refusing.failures(
                "looking for what changed",
                () -> unchecked(used, deadline, () -> isUnchanged.since(settled, used, asOf, deadline)));
    }

    @Override
    public <T> T asAt(
            Caller caller, Set<String> types, Instant settled, Deadline deadline, Function<@Nullable Instant, T> read) {
        return isUnchanged.isKnownToBeOver(settled, types)
                ? read.apply(settled)
                : ResourceStore.super.asAt(caller, types, settled, deadline, read);
    }

    @Override
    public Written create(Caller caller, ResourceKey key, RawBsonDocument fhir) {
        return put(caller, key, fhir, Precondition.absent(), ResourceVersion.Origin.CREATED);
    }

    @Override
    public Optional<Written> createUnlessFound(
            Caller caller, Criteria criteria, ResourceKey key, RawBsonDocument fhir, ResourceVersion.Origin origin) {
        admit(caller);
        TotalQuery any = TotalQuery.upTo(1, criteria.type(), criteria.where(), criteria.deadline());
        return Refusing.failures("creating " + key + " where nothing meets the criteria", () -> {
            prepareTypes.beforeWrite(key.type());
            WriteScope scope = writing(caller, key);
            return createUnlessFound.run(
                    criteria,
                    () -> lookUp(criteria.deadline(), () -> count(caller, any)).matches() > 0,
                    until -> integrity.writing(
                            scope,
                            key,
                            fhir,
                            terms -> putResource.run(
                                    scope, key, fhir, Precondition.absent(), origin, terms.notAfter(until))));
        });
    }

    @Override
    public Optional<Erased> erase(Caller caller, ResourceKey key) {
        admit(caller);
        refuseWithinTransaction("an erasure");
        return Refusing.failures("erasing " + key, () -> {
            prepareTypes.beforeWrite(key.type());
            WriteScope scope = writing(caller, key);
            // Nobody has to be kept because others refer to him.
            return inTime(() -> eraseResource.run(scope, key));
        });
    }

    /**
     * At most so many erased resources of a type whose id is after this one, by id: what must not be brought back. Nothing is
     * left of them that could be within a scope, so only who may see all of the type is told.
     */
    public List<ResourceKey> erased(Caller caller, String type, String afterId, int limit) {
        admit(caller);
        if (!caller.seen().of(type).isAll()) {
            return List.of();
        }
        return Refusing.failures(
                "listing erased resources",
                () -> prepareTypes.beforeSearch(type)
                        ? withIndexes(view.get(), Set.of(type), () -> selectErased.run(type, afterId, limit))
                        : List.of());
    }

    @Override
    public Written put(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        return put(caller, key, fhir, precondition, ResourceVersion.Origin.PUT_CREATED);
    }

    private Written put(
            Caller caller,
            ResourceKey key,
            RawBsonDocument fhir,
            Precondition precondition,
            ResourceVersion.Origin whenNew) {
        admit(caller);
        return Refusing.failures("writing " + key, () -> {
            prepareTypes.beforeWrite(key.type());
            WriteScope scope = writing(caller, key);
            return inTime(() -> integrity.writing(
                    scope, key, fhir, terms -> putResource.run(scope, key, fhir, precondition, whenNew, terms)));
        });
    }

    /** Where references are looked at each is written by itself: what it refers to may be deleted meanwhile. */
    @Override
    public List<PutOutcome> putEach(Caller caller, List<Put> puts, Deadline deadline) {
        if (isWithinTransaction) {
            throw new IllegalStateException("within a transaction a failure is that of all");
        }
        if (integrity.isForWrites()) {
            return ResourceStore.super.putEach(caller, puts, deadline);
        }
        admit(caller);
        PutsSoFar together = putTogether.run(puts, key -> writing(caller, key), deadline);
        Deadline toEnd = Deadline.in(database.operationTimeout());
        return puts.stream()
                .map(put -> {
                    PutOutcome done = together.outcome(put.key());
                    Deadline until = together.mustBeEnded(put.key()) ? toEnd : deadline;
                    return done == null ? put.alone(this, caller, until) : done;
                })
                .toList();
    }

    @Override
    public Optional<Written> delete(Caller caller, ResourceKey key, Precondition precondition) {
        admit(caller);
        return Refusing.failures("deleting " + key, () -> {
            prepareTypes.beforeWrite(key.type());
            WriteScope scope = writing(caller, key);
            return inTime(
                    () -> integrity.deleting(scope, key, terms -> deleteResource.run(scope, key, precondition, terms)));
        });
    }

    @Override
    public void checkPut(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        admit(caller);
        WriteScope scope = writing(caller, key);
        Refusing.failures("looking whether " + key + " could be written", () -> {
            putResource.check(scope, key, fhir, precondition, () -> integrity.lookBeforeWriting(scope, key, fhir));
            return true;
        });
    }

    @Override
    public boolean checkDelete(Caller caller, ResourceKey key, Precondition precondition) {
        admit(caller);
        WriteScope scope = writing(caller, key);
        return Refusing.failures(
                "looking whether " + key + " could be deleted",
                () -> deleteResource.check(scope, key, precondition, () -> integrity.lookBeforeDeleting(scope, key)));
    }

    private WriteScope writing(Caller caller, ResourceKey key) {
        return new WriteScope(caller, key, view.get());
    }

    /** Who stood still until an announcement or a guard had expired has written nothing. */
    private static <T> T inTime(Supplier<T> write) {
        try {
            return write.get();
        } catch (Refusal refused) {
            if (refused.reason() == Refusal.Reason.EXPIRED) {
                throw new Refusal(
                        Refusal.Reason.NOT_READY,
                        "it took so long that nothing was written (" + refused.getMessage() + ")");
            }
            throw refused;
        }
    }

    @Override
    public <T> T inTurn(Deadline deadline, Supplier<T> searches) {
        return database.searchTurns().when(deadline, searches);
    }

    @Override
    public <T> T lookUp(Deadline deadline, Supplier<T> searches) {
        return database.lookUpTurns().when(deadline, searches);
    }

    @Override
    public <T> T inTurnOfEntry(Deadline deadline, Supplier<T> searches) {
        return database.entryTurns().when(deadline, searches);
    }

    /** Asked until it is so: a database that is away says nothing, and one that stands alone may become a replica set. */
    @Override
    public boolean hasTransactions() {
        if (!hasTransactions) {
            try {
                hasTransactions = database.hasTransactions();
            } catch (MongoException e) {
                LOG.debug("nobody knows whether there are transactions", e);
            }
        }
        return hasTransactions;
    }

    @Override
    public <T> T inTransaction(Set<String> types, Deadline deadline, Function<ResourceStore, T> work) {
        refuseWithinTransaction("a transaction");
        return Refusing.failures("doing a transaction", () -> {
            if (!hasTransactions()) {
                return ResourceStore.super.inTransaction(types, deadline, work);
            }
            types.forEach(prepareTypes::beforeWrite);
            prepareGuards.run();
            TransactionGuards guards = keepIntegrity == null ? null : keepIntegrity.guards(runTransaction.longest());
            try {
                return runTransaction.run(deadline, transaction -> {
                    MongoResourceStore within = new MongoResourceStore(this, transaction, guards);
                    T done = work.apply(within);
                    within.integrity.check();
                    return done;
                });
            } finally {
                if (guards != null) {
                    guards.giveUp();
                }
            }
        });
    }

    private void refuseWithinTransaction(String what) {
        if (isWithinTransaction) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED,
                    what
                            + " is not offered within a transaction: what is not committed is not settled; a batch has it");
        }
    }

    @Override
    public Page select(Caller caller, PageQuery query) {
        return page(
                caller,
                query,
                "searching ",
                (on, where) -> on.selectPage().run(where, caller.seen(), query),
                new Page(List.of(), false));
    }

    @Override
    public List<VersionStamp> stamps(Caller caller, PageQuery query) {
        return page(
                caller,
                query,
                "searching ",
                (on, where) -> on.selectStamps().run(where, caller.seen(), query),
                List.of());
    }

    @Override
    public Explanation explain(Caller caller, PageQuery query) {
        return page(
                caller,
                query,
                "explaining a search of ",
                (on, where) -> on.explainPage().run(where, caller.seen(), query),
                new Explanation(List.of()));
    }

    private <T> T page(
            Caller caller, PageQuery query, String what, BiFunction<SearchView, Condition, T> search, T nothing) {
        Condition condition = within(caller, query.type(), query.where());
        return Refusing.failures(
                what + query.type(),
                () -> searching(
                        query.type(),
                        condition,
                        asked -> asked.where(query.type(), condition).by(query.type(), query.order()),
                        query.deadline(),
                        search,
                        nothing));
    }

    @Override
    public Page include(Caller caller, InclusionQuery query) {
        admit(caller);
        SearchView on = view.get();
        UnaryOperator<AskedParameters> what = asked -> {
            query.inclusions().forEach(asked::including);
            return asked;
        };
        return Refusing.failures(
                "including what belongs to a page",
                () -> search(on, types(query), what, query.deadline(), () -> included(on, caller.seen(), query)));
    }

    /** Whether fields are complete is asked of each type that something is included of, once that is known. */
    private static Page included(SearchView on, Scope seen, InclusionQuery query) {
        Page page = on.selectIncluded().run(seen, query);
        on.requireStill(asked -> {
            on.search().made().registry().types().forEach(type -> asked.where(type, seen.of(type)));
            return asked;
        });
        return page;
    }

    @Override
    public Total count(Caller caller, TotalQuery query) {
        Condition condition = within(caller, query.type(), query.where());
        return Refusing.failures(
                "counting " + query.type(),
                () -> searching(
                        query.type(),
                        condition,
                        asked -> asked.where(query.type(), condition),
                        query.deadline(),
                        (on, where) -> on.countMatches().run(where, caller.seen(), query),
                        new Total(0, true)));
    }

    @Override
    public Labels labels(Caller caller, String type, Deadline deadline) {
        admit(caller);
        refuseWithinTransaction("what all resources of a type are labelled with");
        SearchView on = view.get();
        Condition seen = caller.seen().of(type);
        UnaryOperator<AskedParameters> what = asked -> asked.where(type, seen)
                .code(type, "_profile")
                .code(type, "_security")
                .code(type, "_tag");
        return Refusing.failures(
                "finding labels of " + type,
                () -> prepareTypes.beforeSearch(type) && !seen.isNone()
                        ? search(
                                on,
                                Set.of(type),
                                what,
                                deadline,
                                () -> on.selectLabels().run(type, seen, deadline))
                        : Labels.none());
    }

    /** The copies of what others own, which {@link #put} and {@link #delete} leave alone. */
    public MirroredResources mirrored() {
        return mirrored;
    }

    /** A secret of 32 bytes that every process on this database gets under that name; made at the first call. */
    public byte[] sharedSecret(String name) {
        return Refusing.failures("reading the secret " + name, () -> shareSecret.run(name));
    }

    /** Keeps a query for links to its pages, at least until then; returns the name under which it is found. */
    public String keepQuery(byte[] query, Instant until) {
        return Refusing.failures("keeping a long query", () -> keepQuery.run(query, until));
    }

    /** The query that was kept under that name; empty once it has expired. */
    public Optional<byte[]> findQuery(String name) {
        return Refusing.failures("reading a long query", () -> findQuery.run(name));
    }

    /**
     * What was committed after a position and up to a settled instant, in the order of commits: at most so many, and fewer where there are no more. For those
     * only who may see everything: what of it others may be told, {@link #meeting} says.
     */
    public List<Committed> committed(
            Caller caller, Set<String> types, HistoryPosition after, Instant until, int limit, Deadline deadline) {
        admit(caller);
        if (!caller.seen().isEverything()) {
            throw new IllegalArgumentException("only who may see everything is told all that was committed");
        }
        return Refusing.failures("reading what was committed", () -> {
            Set<String> used = prepareTypes.searchable(
                    types.stream().filter(prepareTypes::serves).collect(Collectors.toSet()));
            return unchecked(
                    used, deadline, () -> new SelectCommitted(database).run(used, after, until, limit, deadline));
        });
    }

    /**
     * Those of these versions of a type that meet a condition and that the caller may see: which, and the current ones as well, are within his scope. Each is judged by
     * its own search fields. What a condition says of other resources is judged as it is now, and so the rest of it then: of the current version for all.
     */
    public Set<VersionId> meeting(
            Caller caller, String type, Condition where, Set<VersionId> versions, Deadline deadline) {
        Condition scope = caller.seen().of(type);
        Condition condition = within(caller, type, where);
        if (versions.isEmpty()) {
            return Set.of();
        }
        return Refusing.failures(
                "looking which versions meet a condition",
                () -> searching(
                        type,
                        condition,
                        asked -> asked.where(type, condition),
                        deadline,
                        (on, searched) -> meeting(on, type, searched, scope, versions, deadline),
                        Set.<VersionId>of()));
    }

    private Set<VersionId> meeting(
            SearchView on, String type, Condition where, Condition scope, Set<VersionId> versions, Deadline deadline) {
        FindMeeting find = new FindMeeting(database);
        Set<VersionId> found;
        Set<String> visible;
        if (where.isLinked()) {
            Condition among = Condition.In.texts(
                    "_id", versions.stream().map(VersionId::id).toList());
            PageQuery page =
                    new PageQuery(type, new Condition.And(List.of(among, where)), 0, versions.size(), deadline);
            found = versions;
            visible = on.selectStamps().run(page.where(), Scope.everything(), page).stream()
                    .map(stamp -> stamp.key().id())
                    .collect(Collectors.toSet());
        } else {
            found = find.run(type, where, versions, deadline);
            if (scope.isAll()) {
                return found;
            }
            visible = find.visible(type, scope, versions, deadline);
        }
        return found.stream().filter(each -> visible.contains(each.id())).collect(Collectors.toSet());
    }

    /** What nobody has to search for is quicker to read. */
    @Override
    public HeldPage held(Caller caller, HeldQuery query) {
        admit(caller);
        boolean isWhole =
                query.where().isAll() && caller.seen().of(query.type()).isAll();
        return isWhole
                ? ofWholeType(
                        caller,
                        query.type(),
                        query.deadline(),
                        () -> new SelectHeld(database, query.limit()).run(query),
                        new HeldPage(List.of(), query.upTo()))
                : ResourceStore.super.held(caller, query);
    }

    /**
     * Tells of the content of versions of a type, in no order, while it is read; not of those that were erased or are kept no longer. For those only who may see all
     * of the type.
     */
    public void versions(
            Caller caller,
            String type,
            Collection<VersionId> versions,
            Deadline deadline,
            Consumer<ResourceVersion.Live> take) {
        ofWholeType(
                caller,
                type,
                deadline,
                () -> {
                    new ReadVersions(database).run(type, versions, deadline, take);
                    return true;
                },
                false);
    }

    /**
     * The next deletions of a type after a position, of those that held at a settled instant and were committed after another one; for those only who may see all
     * of the type.
     */
    public DeletionsPage deletions(
            Caller caller, String type, Instant since, Instant asOf, long after, Deadline deadline) {
        return ofWholeType(
                caller,
                type,
                deadline,
                () -> new SelectDeletions(database).run(type, since, asOf, after, deadline),
                new DeletionsPage(List.of(), Long.MAX_VALUE));
    }

    private <T> T ofWholeType(Caller caller, String type, Deadline deadline, Supplier<T> read, T nothing) {
        admit(caller);
        if (!caller.seen().of(type).isAll()) {
            throw new IllegalArgumentException("only who may see all of " + type + " is told all of it");
        }
        return Refusing.failures(
                "reading " + type,
                () -> prepareTypes.beforeSearch(type) ? unchecked(Set.of(type), deadline, read) : nothing);
    }

    /** The position of the so many-th live resource of a type after another position; empty where there are fewer. It tells nothing of any of them. */
    public OptionalLong positionAfter(String type, long position, int many, Deadline deadline) {
        return Refusing.failures(
                "finding positions of " + type,
                () -> prepareTypes.beforeSearch(type)
                        ? unchecked(
                                Set.of(type),
                                deadline,
                                () -> new FindPositions(database).after(type, position, many, deadline))
                        : OptionalLong.empty());
    }

    /** The largest position of a type that is in use, or was; 0: none is. */
    public long lastPosition(String type) {
        return Refusing.failures(
                "finding the last position of " + type,
                () -> prepareTypes.beforeSearch(type) ? new FindPositions(database).last(type) : 0L);
    }

    /** How many resources of a type were erased since an instant, of those that stood after a position and not beyond another one. */
    public long erasedSince(String type, Instant since, long after, long upTo) {
        return Refusing.failures(
                "counting what was erased of " + type,
                () -> prepareTypes.beforeSearch(type) ? selectErased.count(since, type, after, upTo) : 0L);
    }

    /** Has somebody told of which of these types something was committed, as soon as that may be known; until it is closed. */
    public WatchCommits watch(Set<String> types, Consumer<Set<String>> ring) {
        return new WatchCommits(database, types, ring).start();
    }

    /** The connections that requests may have to wait for. */
    public List<PoolCounts> pools() {
        return database.pools();
    }

    @Override
    public Readiness readiness() {
        try {
            database.ping();
            return withFormat(prepareTypes.readiness());
        } catch (MongoException e) {
            return new Readiness(false, "the database does not answer: " + e.getMessage());
        }
    }

    /** What is done beside serving; fails where the database does not answer, which could not say what it builds. */
    public SearchWork searchWork() {
        return Refusing.failures("asking how far searches are prepared", () -> {
            database.ping();
            return prepareTypes.work();
        });
    }

    private Readiness withFormat(Readiness known) {
        String remark = format.remark();
        boolean isOnly = known.detail().isEmpty();
        return remark.isEmpty()
                ? known
                : new Readiness(known.ready(), isOnly ? remark : known.detail() + "; " + remark);
    }

    /** The stored format that the database is kept in, and the one that all that is stored has reached. */
    public FormatReached format() {
        return new FormatReached(format.found().number(), format.found().complete());
    }

    /** The disk that the database is on; empty where it does not say. */
    public Optional<DiskSpace> disk() {
        return Refusing.failures("asking for the room on the disk", () -> new MeasureDisk(database).run());
    }

    @Override
    public Set<String> incompleteTypes() {
        return makeSearchable.incompleteTypes();
    }

    @Override
    public long live(String type, Deadline deadline) {
        return Refusing.failures(
                "counting " + type,
                () -> prepareTypes.beforeSearch(type)
                        ? view.get().countMatches().live(type, deadline)
                        : 0L);
    }

    @Override
    public StoredSize size(String type, Deadline deadline) {
        return Refusing.failures("measuring " + type, () -> new MeasureType(database).run(type, deadline));
    }

    @Override
    public Map<String, Copied> copies() {
        return readCopies.present();
    }

    @Override
    public KeptReports reports() {
        return keepReports;
    }

    @Override
    public void close() {
        if (isFixed) {
            return;
        }
        if (keepHistory != null) {
            keepHistory.close();
        }
        if (migrateFormat != null) {
            migrateFormat.close();
        }
        prepareTypes.close();
        makeSearchable.close();
        heldFloor.close();
        follow.close();
        views.close();
        database.close();
    }

    private static Set<String> types(InclusionQuery query) {
        return query.inclusions().stream().map(Inclusion::type).collect(Collectors.toSet());
    }

    /** Searches where there can be matches; a type of which there is nothing cannot be linked with. */
    private <T> T searching(
            String type,
            Condition condition,
            UnaryOperator<AskedParameters> what,
            Deadline deadline,
            BiFunction<SearchView, Condition, T> search,
            T nothing) {
        SearchView on = view.get();
        Set<String> types = new HashSet<>(Set.of(type));
        if (!prepareTypes.beforeSearch(type)) {
            return nothing;
        }
        Condition where = amongPrepared(condition, types);
        return where.isNone() ? nothing : search(on, types, what, deadline, () -> search.apply(on, where));
    }

    private Condition amongPrepared(Condition condition, Set<String> types) {
        return condition.replacingLinks(link -> {
            if (!prepareTypes.beforeSearch(link.type())) {
                return Condition.none();
            }
            types.add(link.type());
            return new Condition.Linked(
                    link.direction(), link.field(), link.type(), amongPrepared(link.condition(), types));
        });
    }

    /** What comes of it counts if what was asked could be searched before, and still means the same after. */
    private <T> T search(
            SearchView on,
            Set<String> types,
            UnaryOperator<AskedParameters> what,
            Deadline deadline,
            Supplier<T> search) {
        on.requireComplete(what);
        T found = database.searchTurns().when(deadline, () -> withIndexes(on, types, search));
        on.requireStill(what);
        return found;
    }

    /** What is found by other things than search parameters. */
    private <T> T unchecked(Set<String> types, Deadline deadline, Supplier<T> search) {
        return database.searchTurns().when(deadline, () -> withIndexes(view.get(), types, search));
    }

    private <T> T withIndexes(SearchView on, Set<String> types, Supplier<T> search) {
        try {
            return search.get();
        } catch (MongoException e) {
            if (Refusing.isLostIndex(e)) {
                throw lostIndex(on, types);
            }
            throw e;
        }
    }

    /** That an index has gone which is not needed any more is nothing to be repaired. */
    private Refusal lostIndex(SearchView on, Set<String> types) {
        return on.isNewest()
                ? prepareTypes.lostIndex(types)
                : new Refusal(
                        Refusal.Reason.NOT_READY, "what is searched was changed while this was searched: try again");
    }

    private Condition within(Caller caller, String type, Condition where) {
        checkTenant(caller);
        return caller.seen().isEverything() ? where : withinScope(caller.seen(), type, where);
    }

    /** What the caller may not see is not linked with either. */
    private static Condition withinScope(Scope seen, String type, Condition where) {
        Condition links = where.replacingLinks(link -> {
            Condition other = withinScope(seen, link.type(), link.condition());
            return other.isNone()
                    ? Condition.none()
                    : new Condition.Linked(link.direction(), link.field(), link.type(), other);
        });
        Condition scope = seen.of(type);
        return scope.isAll() ? links : new Condition.And(List.of(links, scope));
    }

    /** Nobody is told of half of what a database is being filled with. */
    private void admit(Caller caller) {
        checkTenant(caller);
        Refusing.failures("looking whether the database is whole", () -> {
            follow.requireWhole();
            return true;
        });
    }

    /** What is asked on behalf of somebody is about this tenant, and about what this process knows how to read. */
    private void checkTenant(Caller caller) {
        format.require();
        if (!caller.tenant().equals(Caller.DEFAULT_TENANT)) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "there is no tenant " + caller.tenant());
        }
    }
}
