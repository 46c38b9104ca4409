package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.store.MakeSearch;
import miroir.index.store.SearchMade;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this process with all others at what is searched, and announces what changes.
 *
 * <p>The problem: of two processes on one database one must not search by what a parameter meant while the other writes what it means
 * now, and each of them may stand still at any point, for any time.
 *
 * <p>The approach: what is searched has a number, and changes in two steps that {@link SearchBoard} keeps. <i>Announced</i>: every process
 * loads it, treats what is new in it as pending, and says so. <i>Written</i>: once all have said so, and not before, commits have its
 * fields. Whoever was not heard of for the length of a lease is not waited for; he may stand still with an answer in his hands. So an answer
 * counts only if, <i>after</i> the last read for it, the process had been heard of for less than that, and knew of nothing newer in which
 * what was asked means something else: {@link #requireStill}. Looking before the read would leave the time between.
 *
 * <p>What a process starts with is announced where it never was in force here. Where it was, and something else came after it, it is
 * a leftover of before a change: the process takes over what is in force and says so, or two servers that are updated one after
 * the other would change it to and fro.
 *
 * <p>That a process is there is said by a thread of its own, for what is announced may take long to load. Who takes too long for that is
 * not waited for either.
 *
 * <p>The cost: one look a second for a document of some hundred bytes, and a write every five seconds.
 */
final class FollowSearch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowSearch.class);

    private static final Duration CLOSING = Duration.ofSeconds(2);

    /** How long the others wait for somebody who loads what is announced. */
    private static final Duration LONGEST_LOADING = Duration.ofMinutes(1);

    /** Steps until the next look; each is one that somebody else did meanwhile. */
    private static final int STEPS = 8;

    private static final int MOST_REMARKS = 5;
    private static final String TO_GO_BACK = "to go back to them on purpose, change a comment in one of them";

    private final SearchBoard board;
    private final MakeSearch makeSearch;
    private final SearchChanges changes;
    private final SelectParameters selectParameters;
    private final OpenNumbers numbers;
    private final SearchTerms terms;
    private final ZoneId zone;
    private final ReentrantLock turn = new ReentrantLock();
    private final Semaphore nudges = new Semaphore(0);
    private final Thread follower = new Thread(this::follow, "follow-search");
    private final Thread renewer = new Thread(this::renew, "renew-search-member");

    /** Held while this process says what it knows. */
    private final ReentrantLock saying = new ReentrantLock();

    private volatile Listener listener = Listener.nobody();
    private volatile LoadedSearch known;

    /** When this process said for the last time, successfully, that it is there: before it was sent. */
    private volatile Heard heard = new Heard(0, 0);

    /** Of this process among the members; null: it is none. Every time that it becomes one it has another, which nothing late can hit. */
    private volatile @Nullable String row;

    /** Up to which number it said so. */
    private volatile long said;

    private volatile @Nullable Heard loadingSince;
    private volatile long written;

    /** Who is told. */
    interface Listener {
        /** This is what is searched; nothing is said to others before this returns. */
        void loaded(LoadedSearch loaded);

        /** Commits have its fields from now on. */
        void written();

        /** There may be something new. */
        void followed();

        static Listener nobody() {
            return new Listener() {
                @Override
                public void loaded(LoadedSearch loaded) {
                    // nobody
                }

                @Override
                public void written() {
                    // nobody
                }

                @Override
                public void followed() {
                    // nobody
                }
            };
        }
    }

    /** A moment by the steady clock, which may stand still with the machine, and by the other, which may be set. */
    private record Heard(long nanos, long millis) {
        static Heard now() {
            return new Heard(System.nanoTime(), System.currentTimeMillis());
        }

        boolean isLongerAgoThan(Duration time) {
            return System.nanoTime() - nanos > time.toNanos() || System.currentTimeMillis() - millis > time.toMillis();
        }
    }

    /** What was looked at while a number was in force, and what is to be said of it: the same again needs no second look. */
    private record Looked(long number, Object at, String remark) {
        boolean was(long inForce, Object now) {
            return number == inForce && at.equals(now);
        }
    }

    private static final Looked NEVER = new Looked(0, "", "");

    private volatile String cannot = "nobody asked the database yet what is searched";
    private volatile String failure = "";
    private volatile Looked ofFiles = NEVER;
    private volatile Looked ofParameters = NEVER;
    private volatile boolean nudged;
    private volatile long advancedAt;
    private volatile boolean closed;

    /** What is below is guarded by {@link #turn}. */
    private long lookedAtFiles;

    private long lookedAtParameters;

    /** The earlier number by which this process writes, or cannot write, until all know the newer one. */
    private long earlier;

    FollowSearch(
            StoreDatabase database,
            MakeSearch makeSearch,
            MongoStoreSettings settings,
            OpenNumbers numbers,
            SearchTerms terms) {
        this.board = new SearchBoard(database, terms.lease());
        this.makeSearch = makeSearch;
        this.changes = settings.search();
        this.selectParameters = new SelectParameters(database);
        this.numbers = numbers;
        this.terms = terms;
        this.zone = settings.zone();
        this.known = new LoadedSearch(SearchNumber.none(0), beforeAsking(settings));
        numbers.learnFrom(closedNumber -> learn());
        follower.setDaemon(true);
        renewer.setDaemon(true);
    }

    /** Whose own files do not count is not stopped by them. */
    private SearchMade beforeAsking(MongoStoreSettings settings) {
        if (changes.announcing()) {
            return makeSearch.make(makeSearch.ours(), List.of());
        }
        SearchParameterRegistry nothing = SearchParameterRegistry.of(settings.types(), List.of());
        ExtractionSettings extraction = new ExtractionSettings(zone, Set.of());
        return SearchMade.of(nothing, new FieldExtractor(nothing, extraction), zone, Set.of());
    }

    void start(Listener to) {
        listener = to;
        follower.start();
        renewer.start();
    }

    /** What is searched; number 0 before the database was asked. */
    LoadedSearch known() {
        return known;
    }

    /** Whether commits may have the fields of that number. */
    boolean isWritten(long number) {
        return FieldsNumber.isAtLeast(written, number);
    }

    /** Returns once this process is a member, or says why it cannot be. */
    void join() {
        locked(() -> {
            if (row == null) {
                advance();
            }
        });
    }

    /** Has the follower look at once whether files or parameters have changed. */
    void nudge() {
        nudged = true;
        nudges.release();
    }

    /** Has the follower tell at once what is new. */
    void wake() {
        nudges.release();
    }

    /**
     * Refuses an answer that may be wrong by now.
     *
     * @param used by what it was looked for
     * @param isSame whether what was asked means the same in what is searched now
     */
    void requireStill(LoadedSearch used, Predicate<LoadedSearch> isSame) {
        cannot().ifPresent(why -> {
            throw new Refusal(Refusal.Reason.NOT_READY, "nothing can be searched at the moment: " + why);
        });
        LoadedSearch now = known;
        if (used.number() == 0 || (now.number() != used.number() && !isSame.test(now))) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY, "a search parameter was changed while this was searched: try again");
        }
    }

    /** Why nothing can be searched or written; empty where it can. */
    Optional<String> cannot() {
        if (row == null) {
            return Optional.of(cannot);
        }
        return heard.isLongerAgoThan(terms.valid())
                ? Optional.of("this server stood still or was cut off, and others may have changed what is searched:"
                        + " try again")
                : Optional.empty();
    }

    /** In words, each a sentence or a part of one. */
    List<String> remarks() {
        List<String> all = known.made().remarks();
        List<String> remarks = new ArrayList<>(all.subList(0, Math.min(all.size(), MOST_REMARKS)));
        if (all.size() > MOST_REMARKS) {
            remarks.add((all.size() - MOST_REMARKS) + " more of that kind, see the log");
        }
        Stream.of(ofFiles.remark(), ofParameters.remark(), failure)
                .filter(remark -> !remark.isEmpty())
                .forEach(remarks::add);
        return remarks;
    }

    @Override
    public void close() {
        closed = true;
        follower.interrupt();
        renewer.interrupt();
        try {
            follower.join(CLOSING.toMillis());
            renewer.join(CLOSING.toMillis());
            if (turn.tryLock(CLOSING.toNanos(), TimeUnit.NANOSECONDS)) {
                turn.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cannot = "the server stops";
        try {
            leave();
        } catch (MongoException e) {
            LOG.debug("the row of this process is left to expire", e);
        }
    }

    private void follow() {
        while (!closed) {
            try {
                if (nudges.tryAcquire(terms.poll().toNanos(), TimeUnit.NANOSECONDS)) {
                    nudges.drainPermits();
                }
                if (nudged || System.nanoTime() - advancedAt > terms.poll().toNanos()) {
                    locked(this::advance);
                }
                listener.followed();
                failure = "";
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                // Whatever it was, the next look may find it gone.
                report(e);
            }
        }
    }

    /** Says the same once. */
    private void report(Throwable e) {
        String reason = "what is searched is followed later: " + e;
        if (closed || reason.equals(failure)) {
            return;
        }
        failure = reason;
        if (e instanceof MongoException away && Refusing.isAway(away)) {
            LOG.warn("the database is away, {}", reason);
        } else {
            LOG.warn("what is searched is followed later", e);
        }
    }

    private void renew() {
        while (!closed) {
            try {
                TimeUnit.NANOSECONDS.sleep(terms.renew().toNanos());
                Heard loading = loadingSince;
                if (loading == null || !loading.isLongerAgoThan(LONGEST_LOADING)) {
                    sayAgain();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.debug("that this process is there is said a little later", e);
            }
        }
    }

    private void sayAgain() {
        saying.lock();
        try {
            if (row != null && !closed) {
                say(said);
            }
        } finally {
            saying.unlock();
        }
    }

    /** Says that this process is there and knows a number; empty where nobody waits for it, and that is not what is announced. */
    private Optional<SearchBoard.State> say(long number) {
        saying.lock();
        try {
            String mine = row == null ? SearchBoard.newRow() : row;
            Heard sent = Heard.now();
            Optional<SearchBoard.State> state = board.keep(mine, number);
            if (state.isEmpty()) {
                cannot = "others did not hear of this server for too long: try again";
                row = null;
                return state;
            }
            heard = sent;
            said = number;
            row = mine;
            return state;
        } finally {
            saying.unlock();
        }
    }

    private void leave() {
        saying.lock();
        try {
            String mine = row;
            row = null;
            if (mine != null) {
                board.leave(mine);
            }
        } finally {
            saying.unlock();
        }
    }

    /** What a request or the start of a type waits for. */
    private void learn() {
        locked(this::advance);
    }

    private void locked(Runnable step) {
        turn.lock();
        try {
            step.run();
        } finally {
            turn.unlock();
        }
    }

    private void advance() {
        if (closed) {
            return;
        }
        advancedAt = System.nanoTime();
        try {
            SearchBoard.State state = board.state();
            for (int step = 1; !catchUp(state); step++) {
                if (step == STEPS) {
                    return;
                }
                state = board.state();
            }
            announceChanges();
        } catch (ConfigurationRefused refused) {
            cannotFollow(refused);
        }
    }

    /** Whether this process knows what is announced, and has said so; otherwise something was done towards it. */
    private boolean catchUp(SearchBoard.State state) {
        if (known.number() != state.announced() || FieldsNumber.isBeforeFirst(state.announced())) {
            load(state.announced());
            return false;
        }
        long number = known.number();
        SearchBoard.State now = state;
        if (cannot().isPresent() || said != number || state.written() < state.announced()) {
            Optional<SearchBoard.State> kept = say(number);
            if (kept.isEmpty()) {
                return false;
            }
            now = kept.get();
        }
        write(now);
        return now.announced() == number;
    }

    /** Takes over a number, or puts the next one after it where it is not ours. */
    private void load(long announced) {
        if (FieldsNumber.isBeforeFirst(announced)) {
            announceOurs(SearchNumber.none(announced), makeSearch.ours());
            return;
        }
        Optional<SearchNumber> found = board.number(announced);
        if (found.isPresent()) {
            take(found.get());
        } else if (board.state().announced() == announced) {
            LOG.warn("what is searched is missing from the database, and is announced anew");
            announceOurs(SearchNumber.none(announced), makeSearch.ours());
        }
    }

    private void take(SearchNumber number) {
        if (known.number() == 0 && announceNew(number)) {
            return;
        }
        SearchMade made = loaded(number);
        if (number.contradicts(made)) {
            throw new ConfigurationRefused(
                    named(number),
                    "another version of Miroir makes other fields of it; to have the files of this server instead, change a"
                            + " comment in one of them");
        }
        if (number.isOf(made)) {
            use(new LoadedSearch(number, made));
        } else {
            announceWith(number, number.parameters());
        }
    }

    private static String named(SearchNumber number) {
        return "number " + FieldsNumber.counted(number.number()) + " of what is searched";
    }

    /** The others wait for it meanwhile. */
    private SearchMade loaded(SearchNumber number) {
        loadingSince = Heard.now();
        try {
            return make(number.description(), number.parameters());
        } finally {
            loadingSince = null;
        }
    }

    /** Whatever goes wrong with it: it would go wrong again, and who cannot make something does not hold up others. */
    private SearchMade make(BsonDocument description, List<RawBsonDocument> parameters) {
        try {
            return makeSearch.make(description, parameters);
        } catch (ConfigurationRefused refused) {
            throw refused;
        } catch (RuntimeException | Error e) {
            LOG.debug("what is searched cannot be made", e);
            throw new ConfigurationRefused("what is searched", "it cannot be made: " + e);
        }
    }

    /** Announces what this process starts with where it was never in force: then what is need not be understood by it. */
    private boolean announceNew(SearchNumber number) {
        if (!changes.announcing()) {
            return false;
        }
        try {
            BsonDocument ours = makeSearch.ours();
            if (ours.equals(number.description()) || board.knows(ours, number.number())) {
                return false;
            }
            announceOurs(number, ours);
            return true;
        } catch (ConfigurationRefused refused) {
            LOG.warn("what is in force stays, for the files of this server cannot be: {}", refused.getMessage());
            return false;
        }
    }

    private void use(LoadedSearch loaded) {
        known = loaded;
        cannot = "";
        LOG.info("what is searched is number {}", FieldsNumber.counted(loaded.number()));
        loaded.made().remarks().forEach(LOG::warn);
        listener.loaded(loaded);
    }

    private void announceOurs(SearchNumber before, BsonDocument ours) {
        List<RawBsonDocument> stored = selectParameters.active().parameters();
        SearchMade made = make(ours, stored);
        announce(before.next(ours, made.ofResources() ? stored : List.of(), made), made);
    }

    private void announceWith(SearchNumber before, List<RawBsonDocument> parameters) {
        SearchMade made = make(before.description(), parameters);
        announce(before.next(before.description(), parameters, made), made);
    }

    /** Where somebody else was faster the number is his, and it is announced for him should he not live to do it. */
    private void announce(SearchNumber next, SearchMade made) {
        boolean isOurs = board.putUp(next);
        board.announce(next.number());
        if (isOurs) {
            use(new LoadedSearch(next, made));
        }
    }

    private void write(SearchBoard.State state) {
        LoadedSearch loaded = known;
        if (state.written() == loaded.number() && written != loaded.number()) {
            numbers.writeWith(loaded.documents(zone));
            written = loaded.number();
            board.forgetBefore(loaded.number());
            listener.written();
        } else if (written == 0
                && state.written() != loaded.number()
                && state.written() != earlier
                && !FieldsNumber.isBeforeFirst(state.written())) {
            writeWithEarlier(state.written());
            earlier = state.written();
        }
    }

    /** Who comes in the middle of a change writes as those do who were there before. */
    private void writeWithEarlier(long number) {
        board.number(number).ifPresent(before -> {
            try {
                SearchMade made = loaded(before);
                if (before.isOf(made)) {
                    numbers.writeWith(new LoadedSearch(before, made).documents(zone));
                    return;
                }
            } catch (ConfigurationRefused refused) {
                LOG.info("what was searched before is not understood here: {}", refused.getMessage());
            }
            numbers.stop("writes wait until all servers know what is searched now");
        });
    }

    private void announceChanges() {
        long now = System.nanoTime();
        boolean look = nudged || lookedAtFiles == 0;
        nudged = false;
        if (look || now - lookedAtFiles > terms.files().toNanos()) {
            lookedAtFiles = now;
            lookAtFiles();
        }
        if (known.made().ofResources()
                && (look || now - lookedAtParameters > terms.parameters().toNanos())) {
            lookedAtParameters = now;
            lookAtParameters();
        }
        if (known.number() != written) {
            catchUp(board.state());
        }
    }

    private void lookAtFiles() {
        if (!changes.announcing()) {
            return;
        }
        LoadedSearch inForce = known;
        try {
            BsonDocument ours = makeSearch.ours();
            if (!ofFiles.was(inForce.number(), ours)) {
                ofFiles = said(ofFiles, new Looked(inForce.number(), ours, announceOrLeave(inForce.kept(), ours)));
            }
        } catch (ConfigurationRefused refused) {
            ofFiles = said(ofFiles, new Looked(inForce.number(), refused.reason(), notUnderstood(refused)));
        }
    }

    private static String notUnderstood(ConfigurationRefused refused) {
        return "what is searched stays as it is, for the files of now cannot be in force: " + refused.getMessage();
    }

    /** What is to be said of it. */
    private String announceOrLeave(SearchNumber inForce, BsonDocument ours) {
        if (ours.equals(inForce.description())) {
            return "";
        }
        if (board.knows(ours, inForce.number())) {
            return "the files of this server were replaced by those of another, which are in force; " + TO_GO_BACK;
        }
        try {
            announceOurs(inForce, ours);
            return "";
        } catch (ConfigurationRefused refused) {
            return notUnderstood(refused);
        }
    }

    private static Looked said(Looked before, Looked now) {
        if (!now.remark().isEmpty() && !now.remark().equals(before.remark())) {
            LOG.warn("{}", now.remark());
        }
        return now;
    }

    /** Whatever failed on the way is tried again, for only what came to an end is remembered. */
    private void lookAtParameters() {
        SearchNumber inForce = known.kept();
        List<BsonDocument> heads = selectParameters.heads();
        if (ofParameters.was(inForce.number(), heads)) {
            return;
        }
        SelectParameters.Active active = selectParameters.active();
        String remark = active.remark();
        if (!active.parameters().equals(inForce.parameters())) {
            try {
                announceWith(inForce, active.parameters());
            } catch (ConfigurationRefused refused) {
                remark = "what is searched stays as it is, for a stored parameter is not understood: "
                        + refused.getMessage();
            }
        }
        ofParameters = said(ofParameters, new Looked(inForce.number(), heads, remark));
    }

    /** Others are not held up by who cannot go with them; he searches and writes nothing until he can. */
    private void cannotFollow(ConfigurationRefused refused) {
        String reason = "what is searched on this database is not understood here (" + refused.getMessage() + ")";
        if (!reason.equals(cannot)) {
            LOG.error("{}", reason);
        }
        cannot = reason;
        numbers.stop(reason);
        leave();
    }
}
