package miroir.storage;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import miroir.index.Refusal;
import miroir.index.store.MakeSearch;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Fills a database with what another one had, part by part, so that whoever asks its servers afterwards finds no difference.
 *
 * <p>The problem: it takes minutes to hours, may be killed at any point and has to be gone on with; and as long as it is not done, nobody may be told what
 * is there, for half of a directory looks like one in which the other half was deleted.
 *
 * <p>The approach: {@link FillBoard} keeps out all who read or write, from before the first document until after the last, whatever happens between. A document in
 * {@code miroir_state} remembers which parts are in, and by which number of what is searched they were made. A part that was broken off is put in again: what is there
 * already stays, since versions never change ({@link InsertVersions}). Nobody else writes, so the types, empty at the beginning, hold nothing else at any time.
 *
 * <p>What comes after the documents: counters above all positions, the mark that all search fields are made, and the board of floors above every instant that came, so that later
 * commits are later: where the clock of the other database was a little ahead, that is waited for. Indexes for searches are left to whoever opens the store next: to build them once costs a third of what it costs
 * to keep them up while all this is put in.
 */
public final class FillDatabase implements AutoCloseable {
    /** What comes from a little later than it is here is waited for; from much later, a clock is wrong. */
    private static final Duration MOST_AHEAD = Duration.ofMinutes(2);

    private static final Duration LEASE = Duration.ofSeconds(30);

    /** For how long who is in the way may have died, and a little more. */
    private static final Duration PATIENCE = LEASE.plusSeconds(5);

    private static final String PARTS = "parts";
    private static final String DONE = "done";
    private static final String LATEST = "latest";
    private static final String UNFOUND = "unfound.";

    private final StoreDatabase database;
    private final MongoStoreSettings settings;
    private final FollowSearch follow;
    private final FollowFormat format;
    private final OpenNumbers numbers;
    private final FillBoard board;
    private final HeldFilling held;
    private final String of;
    private final BsonString id;
    private final Set<String> parts = new HashSet<>();
    private @Nullable VersionDocuments documents;
    private boolean begun;

    /** What was there at the beginning. */
    public enum Found {
        NOTHING,
        /** Parts of the same, which it goes on behind. */
        PARTS,
        /** All of it. */
        EVERYTHING
    }

    private FillDatabase(StoreDatabase database, MongoStoreSettings settings, MakeSearch search, String with) {
        this.database = database;
        this.settings = settings;
        this.of = with;
        this.id = new BsonString("filled with " + with);
        this.board = new FillBoard(database, with, LEASE);
        this.held = new HeldFilling(board, LEASE);
        this.numbers = new OpenNumbers();
        SearchTerms terms = SearchTerms.usual();
        this.format = new FollowFormat(database, FormatSteps.shipped());
        this.follow = new FollowSearch(
                database,
                search,
                settings,
                numbers,
                format,
                terms,
                new SearchBoard(database, terms.lease(), format.known(), board.byThis()));
    }

    static FillDatabase open(MongoStoreSettings settings, MakeSearch search, String with) {
        return new FillDatabase(new StoreDatabase(settings), settings, search, with);
    }

    /**
     * Begins, or goes on.
     *
     * @param asOf the instant as of which it is
     * @param goesOn asked while somebody is waited for who may have died
     * @throws ConfigurationRefused where there is something else, somebody uses it, or it does not fit
     */
    public Found begin(Set<String> types, Instant asOf, BooleanSupplier goesOn) {
        return Refusing.failures("beginning an import", () -> {
            MongoVersion.of(database.admin()).check();
            format.lookAtStart();
            new SearchBoard(database, LEASE, format.known()).state();
            BsonDocument known = known(types);
            requireFitting(types, asOf);
            if (known != null && known.containsKey(DONE)) {
                openAgain(goesOn);
                return Found.EVERYTHING;
            }
            if (known == null) {
                requireEmpty(types);
            }
            take(goesOn);
            return known == null ? beginAnew(types) : goOn(known, types);
        });
    }

    /** What it was filled with; nothing, where somebody removed all of that since. */
    private @Nullable BsonDocument known(Set<String> types) {
        BsonDocument known = state();
        if (known == null
                || !known.containsKey(DONE)
                || types.isEmpty()
                || !types.stream().allMatch(this::isEmpty)) {
            return known;
        }
        database.state().deleteOne(Filters.eq(StoredFields.ID, id));
        return null;
    }

    private boolean isEmpty(String type) {
        return database.current(type).estimatedDocumentCount()
                        + database.history(type).estimatedDocumentCount()
                == 0;
    }

    /** Whoever died between the last part and the opening left it closed. */
    private void openAgain(BooleanSupplier goesOn) {
        if (FillBoard.isBeingFilled(database) && board.other().isEmpty()) {
            take(goesOn);
            board.end();
            begun = false;
        }
    }

    private void requireFitting(Set<String> types, Instant asOf) {
        Set<String> others = new TreeSet<>(types);
        others.removeAll(settings.types());
        if (!others.isEmpty()) {
            throw new ConfigurationRefused(
                    "fhir.types",
                    String.join(", ", others)
                            + " would be imported, and is not served here; add it to fhir.types, or MIROIR_TYPES");
        }
        Instant now = database.primaryTime();
        if (asOf.isAfter(now.plus(MOST_AHEAD))) {
            throw new ConfigurationRefused(
                    "the clock",
                    "the export is of " + asOf + ", and it is " + now
                            + " here: what is changed next would come before what is there; set the clocks right, or import it after that instant");
        }
    }

    private void requireEmpty(Set<String> types) {
        for (String type : types) {
            long current = database.current(type).estimatedDocumentCount();
            long before = database.history(type).estimatedDocumentCount();
            if (current + before > 0) {
                throw new ConfigurationRefused(
                        "the database " + settings.database(),
                        "holds " + current + " resources of " + type + " already, deletions included, and " + before
                                + " earlier versions; an import needs one without any of the types that it brings");
            }
        }
    }

    /** Who died is waited for until his time is over; who says again that he is there is alive. */
    private void take(BooleanSupplier goesOn) {
        board.other().ifPresent(other -> {
            throw new ConfigurationRefused(
                    "the database " + settings.database(),
                    "is being filled with another export, of which not all is there: go on with that one, or drop the database");
        });
        Map<String, BsonValue> first = board.inTheWay();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!held.take()) {
            boolean isAlive = !first.entrySet().containsAll(board.inTheWay().entrySet());
            if (isAlive || System.nanoTime() > end || !goesOn.getAsBoolean()) {
                throw new ConfigurationRefused(
                        "the database " + settings.database(),
                        "is in use, by a server, a daemon or another import: nobody may search or change it while it is filled;"
                                + " stop them, and try again");
            }
            pause();
        }
        begun = true;
    }

    private Found beginAnew(Set<String> types) {
        try {
            requireEmpty(types);
            prepare(types);
        } catch (RuntimeException e) {
            board.end();
            begun = false;
            throw e;
        }
        return Found.NOTHING;
    }

    private void prepare(Set<String> types) {
        VersionDocuments made = learn();
        EnsureIndexes ensureIndexes = new EnsureIndexes(database, false);
        types.forEach(ensureIndexes::positions);
        database.state()
                .updateOne(
                        Filters.eq(StoredFields.ID, id),
                        Updates.set(StoredFields.GENERATION, made.number()),
                        new UpdateOptions().upsert(true));
    }

    private Found goOn(BsonDocument known, Set<String> types) {
        VersionDocuments made = learn();
        known.getArray(PARTS, new BsonArray())
                .forEach(part -> parts.add(part.asString().getValue()));
        EnsureIndexes ensureIndexes = new EnsureIndexes(database, false);
        types.forEach(ensureIndexes::positions);
        if (FieldsNumber.of(known) != made.number()) {
            // Some are made by another number by now: whoever opens the store makes sure of all.
            database.state().updateOne(Filters.eq(StoredFields.ID, id), Updates.set(StoredFields.GENERATION, 0L));
        }
        return Found.PARTS;
    }

    /** By which number the search fields are made; this process is a member for a moment only, and nobody else is one. */
    private VersionDocuments learn() {
        follow.join();
        follow.cannot().ifPresent(why -> {
            throw new Refusal(Refusal.Reason.NOT_READY, why);
        });
        VersionDocuments made = numbers.current();
        follow.close();
        documents = made;
        return made;
    }

    private @Nullable BsonDocument state() {
        return database.state().find(Filters.eq(StoredFields.ID, id)).first();
    }

    /** Whether a part is in. */
    public boolean has(String part) {
        return parts.contains(part);
    }

    /** Puts versions of a type in; any number of threads may. */
    public void versions(String type, List<MovedVersion> versions) {
        InsertVersions insert = new InsertVersions(database, new MovedDocuments(Objects.requireNonNull(documents)));
        Refusing.failures("importing versions of " + type, () -> {
            Map<String, Boolean> unfound = insert.run(type, versions, held.until());
            unfound.forEach((resource, isCurrent) -> remember(type, resource, isCurrent));
            return type;
        });
    }

    /** So many are named as the mark of a type names; more are counted as some. */
    private void remember(String type, String resource, boolean isCurrent) {
        BsonDocument entry =
                new BsonDocument(isCurrent ? StoredFields.ID : StoredFields.VERSION, new BsonString(resource));
        database.state()
                .updateOne(
                        Filters.and(
                                Filters.eq(StoredFields.ID, id),
                                Filters.exists(UNFOUND + type + "." + FieldsMarks.MOST_NAMED, false)),
                        Updates.addToSet(UNFOUND + type, entry));
    }

    /** Puts in what erasures left of a type, in the place of what came of these resources. */
    public void erased(String type, List<MovedVersion> marks) {
        InsertVersions insert = new InsertVersions(database, new MovedDocuments(Objects.requireNonNull(documents)));
        Refusing.failures("importing what was erased of " + type, () -> {
            insert.erased(type, marks, held.until());
            return type;
        });
    }

    /** Remembers that a part is in, for good. */
    public void done(String part, Instant latest) {
        Refusing.failures("importing " + part, () -> {
            held.until();
            return database.state()
                    .updateOne(
                            Filters.eq(StoredFields.ID, id),
                            Updates.combine(Updates.addToSet(PARTS, part), Updates.max(LATEST, Date.from(latest))));
        });
        parts.add(part);
    }

    /** Ends it: from now on the database can be served. */
    public void end(Set<String> types, Instant asOf) {
        Refusing.failures("ending an import", () -> {
            BsonDocument known = Objects.requireNonNull(state());
            Instant latest = Instant.ofEpochMilli(
                    known.getDateTime(LATEST, new BsonDateTime(0)).getValue());
            awaitPast(latest.isAfter(asOf) ? latest : asOf);
            boolean isOfOne =
                    FieldsNumber.of(known) == Objects.requireNonNull(documents).number();
            for (String type : types) {
                held.until();
                new RepairCounter(database).run(type);
                if (isOfOne) {
                    mark(type, known.getDocument("unfound", new BsonDocument()).getArray(type, new BsonArray()));
                }
            }
            database.state()
                    .updateOne(Filters.eq(StoredFields.ID, id), Updates.set(DONE, Date.from(database.primaryTime())));
            board.end();
            begun = false;
            return of;
        });
    }

    /** Commits begin above it; and as long as it is not past, nobody who follows would be told of them. */
    private void awaitPast(Instant latest) {
        new MongoFloors(database).beginAbove(latest);
        while (!database.primaryTime().isAfter(latest)) {
            held.until();
            pause();
        }
    }

    /** All that was there was put in with these fields. */
    private void mark(String type, BsonArray unfound) {
        List<BsonValue> current = unfound.stream()
                .map(each -> each.asDocument().get(StoredFields.ID))
                .filter(Objects::nonNull)
                .toList();
        new FieldsMarks(database)
                .write(type, Objects.requireNonNull(documents).fieldsNumber(type), unfound.size(), current);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(250);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Reason.NOT_READY, "interrupted");
        }
    }

    /** What was begun and not ended stays unserved, and can be gone on with at once. */
    @Override
    public void close() {
        follow.close();
        try {
            if (begun) {
                board.letGo();
            }
        } finally {
            database.close();
        }
    }
}
