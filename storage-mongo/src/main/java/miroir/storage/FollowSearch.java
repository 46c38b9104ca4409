package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.store.MakeSearch;
import miroir.index.store.SearchMade;
import miroir.index.yaml.ConfigurationRefused;
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
 * <p>{@link SearchMember} says that this process is there and what it knows, {@link AnnounceSearch} announces; here it keeps up with what is
 * announced, whoever did that.
 *
 * <p>Before all that it looks in which format the database is kept ({@link FollowFormat}); who does not know that leaves as well.
 *
 * <p>The cost: two looks a second for documents of some hundred bytes, and a write every five seconds.
 */
final class FollowSearch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowSearch.class);

    private static final Duration CLOSING = Duration.ofSeconds(2);

    /** Steps until the next look; each is one that somebody else did meanwhile. */
    private static final int STEPS = 8;

    private static final int MOST_REMARKS = 5;

    private final SearchBoard board;
    private final FollowFormat format;
    private final SearchMember member;
    private final AnnounceSearch announce;
    private final OpenNumbers numbers;
    private final WrittenSearch written;
    private final SearchTerms terms;
    private final ReentrantLock turn = new ReentrantLock();
    private final Semaphore nudges = new Semaphore(0);
    private final Thread follower = new Thread(this::follow, "follow-search");

    private volatile SearchListener listener = SearchListener.nobody();
    private volatile LoadedSearch known;

    private volatile String failure = "";
    private volatile boolean nudged;
    private volatile long advancedAt;
    private volatile boolean closed;

    FollowSearch(
            StoreDatabase database,
            MakeSearch makeSearch,
            MongoStoreSettings settings,
            OpenNumbers numbers,
            FollowFormat format,
            SearchTerms terms) {
        this(
                database,
                makeSearch,
                settings,
                numbers,
                format,
                terms,
                new SearchBoard(database, terms.lease(), format.known(), FillBoard.BY_NOBODY));
    }

    /** On a board for who has another way to it. */
    FollowSearch(
            StoreDatabase database,
            MakeSearch makeSearch,
            MongoStoreSettings settings,
            OpenNumbers numbers,
            FollowFormat format,
            SearchTerms terms,
            SearchBoard board) {
        this.board = board;
        this.format = format;
        this.member = new SearchMember(board, terms);
        this.announce = new AnnounceSearch(
                board, makeSearch, settings.search(), new SelectParameters(database), terms, this::known, this::use);
        this.numbers = numbers;
        this.terms = terms;
        this.written = new WrittenSearch(numbers, settings.zone());
        this.known = LoadedSearch.beforeAsking(makeSearch, settings);
        numbers.learnFrom(closedNumber -> learn());
        follower.setDaemon(true);
    }

    void start(SearchListener to) {
        listener = to;
        follower.start();
        member.start();
    }

    /** What is searched; number 0 before the database was asked. */
    LoadedSearch known() {
        return known;
    }

    /** Whether commits may have the fields of that number. */
    boolean isWritten(long number) {
        return written.isAtLeast(number);
    }

    /** Whether all processes that are there know that stored format. */
    boolean allKnowFormat(int wanted) {
        return board.allKnowFormat(wanted);
    }

    /** Returns once this process is a member, or says why it cannot be. */
    void join() {
        locked(() -> {
            if (!member.isIn()) {
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

    /** Refuses what would be read of a database that somebody is filling. */
    void requireWhole() {
        member.requireWhole();
    }

    /** Why nothing can be searched or written; empty where it can. */
    Optional<String> cannot() {
        return member.cannot();
    }

    /** In words, each a sentence or a part of one. */
    List<String> remarks() {
        List<String> all = known.made().remarks();
        List<String> remarks = new ArrayList<>(all.subList(0, Math.min(all.size(), MOST_REMARKS)));
        if (all.size() > MOST_REMARKS) {
            remarks.add((all.size() - MOST_REMARKS) + " more of that kind, see the log");
        }
        Stream.concat(announce.remarks(), Stream.of(failure))
                .filter(remark -> !remark.isEmpty())
                .forEach(remarks::add);
        return remarks;
    }

    @Override
    public void close() {
        closed = true;
        follower.interrupt();
        member.stop();
        try {
            follower.join(CLOSING.toMillis());
            member.awaitStop(CLOSING);
            if (turn.tryLock(CLOSING.toNanos(), TimeUnit.NANOSECONDS)) {
                turn.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        member.close();
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
        Optional<String> unknown = format.look();
        if (unknown.isPresent()) {
            leave(unknown.get());
            written.forget();
            return;
        }
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
        if (!member.isKnownWith(number) || state.written() < state.announced()) {
            Optional<SearchBoard.State> kept = member.sayKnown(number);
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
            announce.announceOurs(SearchNumber.none(announced));
            return;
        }
        Optional<SearchNumber> found = board.number(announced);
        if (found.isPresent()) {
            take(found.get());
        } else if (board.state().announced() == announced) {
            LOG.warn("what is searched is missing from the database, and is announced anew");
            announce.announceOurs(SearchNumber.none(announced));
        }
    }

    private void take(SearchNumber number) {
        if (known.number() == 0 && announce.announceNew(number)) {
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
            announce.announceWith(number, number.parameters());
        }
    }

    private static String named(SearchNumber number) {
        return "number " + FieldsNumber.counted(number.number()) + " of what is searched";
    }

    private SearchMade loaded(SearchNumber number) {
        return member.whileLoading(() -> announce.make(number.description(), number.parameters()));
    }

    private void use(LoadedSearch loaded) {
        known = loaded;
        member.say("");
        LOG.info("what is searched is number {}", FieldsNumber.counted(loaded.number()));
        loaded.made().remarks().forEach(LOG::warn);
        listener.loaded(loaded);
    }

    private void write(SearchBoard.State state) {
        long number = known.number();
        if (written.follow(state.written(), known, this::made)) {
            board.forgetBefore(number);
            listener.written();
        }
    }

    /** What this process makes of an earlier number; empty where there is none any more. */
    private Optional<LoadedSearch> made(long number) {
        return board.number(number).map(before -> new LoadedSearch(before, loaded(before)));
    }

    private void announceChanges() {
        boolean atOnce = nudged;
        nudged = false;
        announce.lookForChanges(atOnce);
        if (!written.is(known.number())) {
            catchUp(board.state());
        }
    }

    /** Others are not held up by who cannot go with them; he searches and writes nothing until he can. */
    private void cannotFollow(ConfigurationRefused refused) {
        leave("what is searched on this database is not understood here (" + refused.getMessage() + ")");
    }

    private void leave(String reason) {
        if (!member.says(reason)) {
            LOG.error("{}", reason);
        }
        member.say(reason);
        numbers.stop(reason);
        member.leave();
    }
}
