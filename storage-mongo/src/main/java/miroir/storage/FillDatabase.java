package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.MakeSearch;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Fills a database with what another one had, part by part, so that whoever asks its servers afterwards finds no difference.
 *
 * <p>The problem: it takes minutes to hours, may be killed at any point and has to be gone on with; and as long as it is not done, nobody may be told what
 * is there, for half of a directory looks like one in which the other half was deleted.
 *
 * <p>The approach: {@link FillBoard} keeps out all who read or write, from before the first document until after the last, whatever happens between. A document in
 * {@code miroir_state} remembers which parts are in, and by which number of what is searched they were made. A part that was broken off is put in again: what is there
 * already stays, since versions never change ({@link InsertVersions}). Nobody else writes, so the types, empty at the beginning, hold nothing else at any time. For the same reason each
 * step is done again where the database is away in the middle of it, as while another primary is elected ({@link RepeatWhileAway}).
 *
 * <p>What comes after the documents: counters above all positions, the mark that all search fields are made, and the board of floors above every instant that came, so that later
 * commits are later: where the clock of the other database was a little ahead, that is waited for. Indexes for searches are left to whoever opens the store next: to build them once costs a third of what it costs
 * to keep them up while all this is put in.
 */
public final class FillDatabase implements AutoCloseable {
    /** What comes from a little later than it is here is waited for; from much later, a clock is wrong. */
    private static final Duration MOST_AHEAD = Duration.ofMinutes(2);

    private static final Set<Refusal.Reason> PASSING =
            Set.of(Refusal.Reason.NOT_READY, Refusal.Reason.TOO_COSTLY, Refusal.Reason.CONFLICT);

    private final StoreDatabase database;
    private final MongoStoreSettings settings;
    private final FollowSearch follow;
    private final FollowFormat format;
    private final OpenNumbers numbers;
    private final FillBoard board;
    private final HeldFilling held;
    private final FillNotes notes;
    private final NeverWritten neverWritten;
    private final Watch watch;
    private final Set<String> parts = new HashSet<>();
    private final RepeatWhileAway repeat;
    private @Nullable VersionDocuments documents;
    private boolean begun;

    /** Nothing is in that somebody could go on with. */
    private boolean isEmpty;

    /** Told of what is waited for. */
    public interface Watch {
        void say(String line);

        /** Fails where it is to stop. */
        void requireGoing();
    }

    /**
     * How much there has to be of a type in the end.
     *
     * @param resources that are there, or were and can be put again
     * @param versions of them all together
     * @param erased resources of which nothing is left; some of them may be counted among the others as well
     */
    public record Expected(String type, long resources, long versions, long erased) {}

    /** What was there at the beginning. */
    public enum Found {
        NOTHING,
        /** Parts of the same, which it goes on behind. */
        PARTS,
        /** All of it. */
        EVERYTHING
    }

    private FillDatabase(
            StoreDatabase database, MongoStoreSettings settings, MakeSearch search, String with, Watch watch) {
        this.repeat = new RepeatWhileAway(watch::requireGoing, PASSING);
        this.database = database;
        this.settings = settings;
        this.notes = new FillNotes(database, with);
        this.neverWritten = new NeverWritten(database, settings.database());
        this.watch = watch;
        this.board = new FillBoard(database, with, TakeFilling.LEASE);
        this.held = new HeldFilling(board, TakeFilling.LEASE);
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

    static FillDatabase open(MongoStoreSettings settings, MakeSearch search, String with, Watch watch) {
        return open(new StoreDatabase(settings), settings, search, with, watch);
    }

    /** In a database that is closed with it. */
    static FillDatabase open(
            StoreDatabase database, MongoStoreSettings settings, MakeSearch search, String with, Watch watch) {
        return new FillDatabase(database, settings, search, with, watch);
    }

    /**
     * Removes what an import that was broken off has put in.
     *
     * @param marks forgets how far synchronisations are
     * @return false where none was begun
     */
    static boolean giveUp(MongoStoreSettings settings, Runnable marks, Watch watch) {
        try (StoreDatabase database = new StoreDatabase(settings)) {
            return Refusing.failures(
                    "giving up an import", () -> new GiveUpFilling(settings, database, watch).run(marks));
        }
    }

    /** Whether all of it was put in before. */
    public boolean isDone() {
        return patiently("looking for an import", () -> {
            BsonDocument known = notes.read();
            return known != null && FillNotes.isDone(known);
        });
    }

    /**
     * Begins, or goes on.
     *
     * @param latest of all instants that come
     * @throws ConfigurationRefused where there is something else, somebody uses it, or it does not fit
     */
    public Found begin(Set<String> types, Instant latest) {
        try {
            return patiently("beginning an import", () -> find(types, latest));
        } catch (RuntimeException e) {
            try {
                openEmpty();
            } catch (MongoException away) {
                e.addSuppressed(away);
            }
            throw e;
        }
    }

    private Found find(Set<String> types, Instant latest) {
        MongoVersion.of(database.admin()).check();
        format.lookAtStart();
        new SearchBoard(database, TakeFilling.LEASE, format.known()).state();
        BsonDocument known = notes.read();
        requireFitting(types, latest);
        if (known != null) {
            requireUndropped(known, types);
        }
        if (known != null && FillNotes.isDone(known)) {
            openAgain();
            return Found.EVERYTHING;
        }
        requireNoOther();
        if (known == null) {
            neverWritten.require();
        }
        take();
        return known == null || isEmpty ? beginAnew(types) : goOn(known, types);
    }

    /** What could not be begun is not kept from being served. */
    private void openEmpty() {
        if (begun && isEmpty) {
            notes.remove();
            board.end();
            begun = false;
        }
    }

    /** What was put in, and dropped by somebody since, is not in. */
    private void requireUndropped(BsonDocument known, Set<String> types) {
        Set<String> dropped = new TreeSet<>(notes.dropped(known, types));
        if (FillNotes.isDone(known)) {
            types.stream().filter(neverWritten::isEmpty).forEach(dropped::add);
        }
        if (!dropped.isEmpty()) {
            throw new ConfigurationRefused(
                    "the database " + settings.database(),
                    "was filled with this export, wholly or in part, and " + String.join(", ", dropped)
                            + " was dropped or emptied since; "
                            + (FillNotes.isDone(known)
                                    ? "drop the database, or name another one"
                                    : "'import --give-up' removes the rest, and then it can be imported anew"));
        }
    }

    /** Whoever died between the last part and the opening left it closed. */
    private void openAgain() {
        if (FillBoard.isBeingFilled(database) && board.other().isEmpty()) {
            take();
            board.end();
            begun = false;
        }
    }

    private void requireFitting(Set<String> types, Instant latest) {
        Set<String> others = new TreeSet<>(types);
        others.removeAll(settings.types());
        if (!others.isEmpty()) {
            throw new ConfigurationRefused(
                    "fhir.types",
                    String.join(", ", others)
                            + " would be imported, and is not served here; add it to fhir.types, or MIROIR_TYPES");
        }
        Instant now = database.primaryTime();
        if (latest.isAfter(now.plus(MOST_AHEAD))) {
            throw new ConfigurationRefused(
                    "the clock",
                    "the export has something of " + latest + ", and it is " + now
                            + " here: what is changed next would come before what is there; set the clocks right, or import it after that instant");
        }
    }

    private void requireNoOther() {
        board.other().ifPresent(other -> {
            throw new ConfigurationRefused(
                    "the database " + settings.database(),
                    "is being filled with another export, of which not all is there: go on with that one, or remove what it left with 'import --give-up'");
        });
    }

    private void take() {
        new TakeFilling(settings.database(), board, held, watch).run();
        begun = true;
    }

    private Found beginAnew(Set<String> types) {
        isEmpty = true;
        neverWritten.require();
        prepare(types);
        isEmpty = false;
        return Found.NOTHING;
    }

    private void prepare(Set<String> types) {
        VersionDocuments made = learn();
        EnsureIndexes ensureIndexes = new EnsureIndexes(database, false);
        types.forEach(ensureIndexes::positions);
        new ShareSecret(database).forgetThoseOfFollowers();
        notes.begin(types, made.number());
    }

    private Found goOn(BsonDocument known, Set<String> types) {
        VersionDocuments made = learn();
        parts.addAll(FillNotes.parts(known));
        EnsureIndexes ensureIndexes = new EnsureIndexes(database, false);
        types.forEach(ensureIndexes::positions);
        if (FieldsNumber.of(known) != made.number()) {
            notes.ofSeveralNumbers();
        }
        return Found.PARTS;
    }

    /** By which number the search fields are made; this process is a member for a moment only, and nobody else is one. */
    private VersionDocuments learn() {
        VersionDocuments learnt = documents;
        if (learnt != null) {
            return learnt;
        }
        follow.join();
        follow.cannot().ifPresent(why -> {
            throw new Refusal(Refusal.Reason.NOT_READY, why);
        });
        VersionDocuments made = numbers.current();
        follow.close();
        documents = made;
        return made;
    }

    /** Whether a part is in. */
    public boolean has(String part) {
        return parts.contains(part);
    }

    /** Puts versions of a type in; any number of threads may. */
    public void versions(String type, List<MovedVersion> versions) {
        InsertVersions insert = new InsertVersions(database, new MovedDocuments(Objects.requireNonNull(documents)));
        patiently("importing versions of " + type, () -> {
            Map<String, Boolean> unfound = insert.run(type, versions, held.until());
            unfound.forEach((resource, isCurrent) -> notes.unfound(type, resource, isCurrent));
            return type;
        });
    }

    /** Puts in what erasures left of a type, in the place of what came of these resources. */
    public void erased(String type, List<MovedVersion> marks) {
        InsertVersions insert = new InsertVersions(database, new MovedDocuments(Objects.requireNonNull(documents)));
        patiently("importing what was erased of " + type, () -> {
            insert.erased(type, marks, held.until());
            return type;
        });
    }

    /** Remembers that a part is in, for good. */
    public void done(String part) {
        patiently("importing " + part, () -> {
            notes.part(part, held.until());
            return part;
        });
        parts.add(part);
    }

    /**
     * Ends it: from now on the database can be served.
     *
     * @param latest of all instants that came
     */
    public void end(List<Expected> expected, Instant latest) {
        new EndFilling(database, settings.database(), notes, board, held, watch)
                .run(expected, latest, Objects.requireNonNull(documents), this::patiently);
        begun = false;
    }

    /** Whatever is written here may be written twice. */
    private <T> T patiently(String doing, Supplier<T> work) {
        return repeat.run(() -> Refusing.failures(doing, work));
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
