package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import miroir.index.Refusal;
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
 * <p>The cost: one look a second for a document of some hundred bytes, and a write every five seconds.
 */
final class FollowSearch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowSearch.class);

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

    private volatile Listener listener = Listener.nobody();
    private volatile LoadedSearch known;

    /** When this process said for the last time, successfully, that it is there: before it was sent. */
    private volatile Heard heard = new Heard(0, 0);

    private volatile boolean isMember;
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

    private volatile String cannot = "nobody asked the database yet what is searched";
    private volatile String ofFiles = "";
    private volatile boolean nudged;
    private volatile long advancedAt;
    private volatile boolean closed;

    /** What is below is guarded by {@link #turn}. */
    private long lookedAtFiles;

    private long lookedAtParameters;
    private @Nullable BsonDocument leftOver;

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
        BsonDocument ours = makeSearch.ours();
        this.known = new LoadedSearch(SearchNumber.none(0), makeSearch.make(ours, List.of()));
        numbers.learnFrom(closedNumber -> learn());
        follower.setDaemon(true);
    }

    void start(Listener to) {
        listener = to;
        follower.start();
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
        if (!isMember) {
            learn();
        }
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
        if (!isMember) {
            throw new Refusal(Refusal.Reason.NOT_READY, "nothing can be searched at the moment: " + cannot);
        }
        if (heard.isLongerAgoThan(terms.valid())) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "this server stood still or was cut off, and others may have changed what is searched: try again");
        }
        LoadedSearch now = known;
        if (now.number() != used.number() && !isSame.test(now)) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY, "a search parameter was changed while this was searched: try again");
        }
    }

    /** In words, each a sentence or a part of one. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>(known.made().remarks());
        if (!ofFiles.isEmpty()) {
            remarks.add(ofFiles);
        }
        return remarks;
    }

    @Override
    public void close() {
        closed = true;
        follower.interrupt();
        if (isMember) {
            isMember = false;
            cannot = "the server stops";
            try {
                board.leave();
            } catch (MongoException e) {
                LOG.debug("the row of this process is left to expire", e);
            }
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
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.debug("what is searched is followed a little later", e);
                }
            }
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
            while (!catchUp(state)) {
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
        if (!isMember || state.written() < state.announced() || heard.isLongerAgoThan(terms.renew())) {
            Heard sent = Heard.now();
            Optional<SearchBoard.State> kept = board.keep(number);
            if (kept.isEmpty()) {
                isMember = false;
                return false;
            }
            now = kept.get();
            heard = sent;
            isMember = true;
        }
        write(now);
        return now.announced() == number;
    }

    /** Takes over a number, or puts the next one after it where it is not ours. */
    private void load(long announced) {
        boolean isFirst = FieldsNumber.isBeforeFirst(announced);
        Optional<SearchNumber> found = isFirst ? Optional.of(SearchNumber.none(announced)) : board.number(announced);
        if (found.isEmpty()) {
            return;
        }
        SearchNumber number = found.get();
        if (isFirst || (known.number() == 0 && isNewHere(number))) {
            announce(number, makeSearch.ours(), changes.ofResources() ? selectParameters.all() : List.of());
            return;
        }
        SearchMade made = makeSearch.make(number.description(), number.parameters());
        if (number.contradicts(made)) {
            throw new ConfigurationRefused(
                    "number " + FieldsNumber.counted(announced) + " of what is searched",
                    "another version of Miroir makes other fields of it");
        }
        if (number.isOf(made)) {
            use(new LoadedSearch(number, made));
        } else {
            announce(number, number.description(), number.parameters());
        }
    }

    /** Whether what this process starts with was never in force: then what is need not be understood by it. */
    private boolean isNewHere(SearchNumber number) {
        BsonDocument ours = makeSearch.ours();
        return changes.announcing() && !ours.equals(number.description()) && !board.knows(ours);
    }

    private void use(LoadedSearch loaded) {
        known = loaded;
        cannot = "";
        LOG.info("what is searched is number {}", FieldsNumber.counted(loaded.number()));
        listener.loaded(loaded);
    }

    /** The number after one; where somebody else was faster it is his, and it is announced for him should he not live to do it. */
    private void announce(SearchNumber before, BsonDocument description, List<RawBsonDocument> parameters) {
        SearchMade made = makeSearch.make(description, parameters);
        SearchNumber next = before.next(description, parameters, made);
        if (board.putUp(next)) {
            use(new LoadedSearch(next, made));
        }
        board.announce(next.number());
    }

    private void write(SearchBoard.State state) {
        LoadedSearch loaded = known;
        if (state.written() == loaded.number() && written != loaded.number()) {
            numbers.writeWith(loaded.documents(zone));
            written = loaded.number();
            board.forgetBefore(loaded.number());
            listener.written();
        } else if (written == 0 && state.written() != loaded.number() && !FieldsNumber.isBeforeFirst(state.written())) {
            writeWithEarlier(state.written());
        }
    }

    /** Who comes in the middle of a change writes as those do who were there before. */
    private void writeWithEarlier(long number) {
        board.number(number).ifPresent(earlier -> {
            SearchMade made = makeSearch.make(earlier.description(), earlier.parameters());
            if (earlier.isOf(made)) {
                numbers.writeWith(new LoadedSearch(earlier, made).documents(zone));
            }
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
        if (changes.ofResources()
                && (look || now - lookedAtParameters > terms.parameters().toNanos())) {
            lookedAtParameters = now;
            lookAtParameters();
        }
        if (known.number() != written) {
            catchUp(board.state());
        }
    }

    private void lookAtFiles() {
        try {
            BsonDocument ours = makeSearch.ours();
            if (ours.equals(known.kept().description())) {
                ofFiles = "";
            } else if (changes.announcing() && !ours.equals(leftOver)) {
                announceOrLeave(ours);
            }
        } catch (ConfigurationRefused refused) {
            say("what is searched stays as it is, for the files of now are not understood: " + refused.getMessage());
        }
    }

    private void announceOrLeave(BsonDocument ours) {
        if (board.knows(ours)) {
            leftOver = ours;
            say("the files of this server were replaced by those of another, which are in force; to go back to them"
                    + " on purpose, change a comment in one of them");
        } else {
            announce(known.kept(), ours, changes.ofResources() ? selectParameters.all() : List.of());
            ofFiles = "";
        }
    }

    private void say(String remark) {
        if (!remark.equals(ofFiles)) {
            LOG.warn("{}", remark);
            ofFiles = remark;
        }
    }

    private void lookAtParameters() {
        Optional<List<RawBsonDocument>> changed = selectParameters.changed();
        LoadedSearch before = known;
        if (changed.isPresent() && !changed.get().equals(before.kept().parameters())) {
            try {
                announce(before.kept(), before.kept().description(), changed.get());
            } catch (ConfigurationRefused refused) {
                say("what is searched stays as it is, for a stored parameter is not understood: "
                        + refused.getMessage());
            }
        }
    }

    /** Others are not held up by who cannot go with them; he searches and writes nothing until he can. */
    private void cannotFollow(ConfigurationRefused refused) {
        String reason = "what is searched on this database is not understood here (" + refused.getMessage() + ")";
        if (!reason.equals(cannot)) {
            LOG.error("{}", reason);
        }
        cannot = reason;
        numbers.stop(reason);
        if (isMember) {
            isMember = false;
            board.leave();
        }
    }

    /** Why nothing can be searched or written; empty where it can. */
    Optional<String> cannot() {
        return isMember ? Optional.empty() : Optional.of(cannot);
    }
}
