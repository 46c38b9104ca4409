package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among those that search one database: it says that it is there, and which number of what is searched it knows, on the
 * {@link SearchBoard}. For how long others have heard of it decides whether its answers count ({@link FollowSearch}).
 *
 * <p>That it is there is said by a thread of its own, for what is announced may take long to load. Who takes too long for that is not
 * waited for either.
 */
final class SearchMember implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SearchMember.class);

    /** How long the others wait for somebody who loads what is announced. */
    private static final Duration LONGEST_LOADING = Duration.ofMinutes(1);

    private final SearchBoard board;
    private final SearchTerms terms;
    private final Thread renewer = new Thread(this::renew, "renew-search-member");

    /** Held while this process says what it knows. */
    private final ReentrantLock saying = new ReentrantLock();

    /** When this process said for the last time, successfully, that it is there: before it was sent. */
    private volatile Heard heard = new Heard(0, 0);

    /** Of this process among the members; null: it is none. Every time that it becomes one it has another, which nothing late can hit. */
    private volatile @Nullable String row;

    /** Up to which number it said so. */
    private volatile long said;

    private volatile @Nullable Heard loadingSince;
    private volatile String whyNot = "nobody asked the database yet what is searched";
    private volatile boolean closed;

    /** A moment by the steady clock, which may stand still with the machine, and by the other, which may be set. */
    private record Heard(long nanos, long millis) {
        static Heard now() {
            return new Heard(System.nanoTime(), System.currentTimeMillis());
        }

        boolean isLongerAgoThan(Duration time) {
            return System.nanoTime() - nanos > time.toNanos() || System.currentTimeMillis() - millis > time.toMillis();
        }
    }

    SearchMember(SearchBoard board, SearchTerms terms) {
        this.board = board;
        this.terms = terms;
        renewer.setDaemon(true);
    }

    void start() {
        renewer.start();
    }

    /** Whether it is one. */
    boolean isIn() {
        return row != null;
    }

    /** Why nothing can be searched or written; empty where it can. */
    Optional<String> cannot() {
        if (row == null) {
            return Optional.of(whyNot);
        }
        return heard.isLongerAgoThan(terms.valid())
                ? Optional.of("this server stood still or was cut off, and others may have changed what is searched:"
                        + " try again")
                : Optional.empty();
    }

    /** Refuses where the database may be one that somebody fills; a member knows that nobody does. */
    void requireWhole() {
        if (cannot().isPresent() && board.isBeingFilled()) {
            throw new Refusal(Refusal.Reason.NOT_READY, FillBoard.WHY);
        }
    }

    /** Whether the others count on it with that number. */
    boolean isKnownWith(long number) {
        return cannot().isEmpty() && said == number;
    }

    /** What there is to say while it is none. */
    void say(String why) {
        whyNot = why;
    }

    /** Whether that is what there is to say. */
    boolean says(String why) {
        return whyNot.equals(why);
    }

    /** The others wait for it meanwhile. */
    <T> T whileLoading(Supplier<T> load) {
        loadingSince = Heard.now();
        try {
            return load.get();
        } finally {
            loadingSince = null;
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
                sayKnown(said);
            }
        } finally {
            saying.unlock();
        }
    }

    /** Says that this process is there and knows a number; empty where nobody waits for it, and that is not what is announced. */
    Optional<SearchBoard.State> sayKnown(long number) {
        saying.lock();
        try {
            String mine = row == null ? SearchBoard.newRow() : row;
            Heard sent = Heard.now();
            Optional<SearchBoard.State> state = board.keep(mine, number);
            if (state.isEmpty()) {
                whyNot = board.isBeingFilled()
                        ? FillBoard.WHY
                        : "others did not hear of this server for too long: try again";
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

    void leave() {
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

    /** Has it say nothing any more. */
    void stop() {
        closed = true;
        renewer.interrupt();
    }

    /** Returns once it says nothing any more, or after that time. */
    void awaitStop(Duration longest) throws InterruptedException {
        renewer.join(longest.toMillis());
    }

    @Override
    public void close() {
        whyNot = "the server stops";
        try {
            leave();
        } catch (MongoException e) {
            LOG.debug("the row of this process is left to expire", e);
        }
    }
}
