package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import miroir.index.Refusal;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's floor: taken before the first commit, raised while there are commits, given up when there are none.
 *
 * <p>The problem: whoever follows the store asks for "everything up to T", and must never find later that a version with
 * {@code from <= T} came after. Versions become visible some time after their instant was chosen, in any order, from any
 * number of processes, and processes stop for seconds or for ever at any point.
 *
 * <p>The approach: {@link OpenCommits} promises only what no open commit contradicts, and a row on the board says so to
 * others. T is the lowest floor there, and never above the board's own {@code now}. That holds because
 *
 * <ul>
 *   <li>a row is known to a majority before the first {@code from} is chosen, and that is above the {@code now} of the
 *       board with the row: whoever looked before the row was there answered no later than that;
 *   <li>a commit carries a limit that the database itself checks against its clock when it applies it, and the row
 *       outlasts every limit by a margin. A process that was stopped in between finds its commits refused; one that
 *       never wakes cannot have left any behind when its row expires;
 *   <li>a commit whose fate nobody knows (a connection broke) counts as open until its limit has passed and a later
 *       write has reached a majority;
 *   <li>every row has a new id, so that nothing that is delayed on the way hits a later row.
 * </ul>
 *
 * <p>The cost: nothing at all for a commit while the row is held, a small write that waits for nothing 40 times a second for the
 * process, and one majority write for the first commit after a pause. A counter or a lock in the database for every commit
 * would give an order as well, and make every write wait for every other.
 */
final class HeldFloor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeldFloor.class);

    private final Floors floors;
    private final Supplier<Instant> clock;
    private final FloorTerms terms;
    private final OpenCommits open;
    private final OpenNumbers numbers;
    private final String process = new ObjectId().toHexString();
    private final AtomicInteger taken = new AtomicInteger();
    private final ReentrantLock taking = new ReentrantLock();
    private final Thread keeper = new Thread(this::keep, "keep-floor");

    /** To take a row; guarded by {@link #taking}. */
    private final SharedFailure failure = new SharedFailure();

    private volatile @Nullable Row row;
    private volatile Instant lastCommit = Instant.EPOCH;
    private volatile boolean closed;

    /** As the board has it, so far as a majority said so. */
    private record Row(String id, Instant until, Instant renewed, Promise published) {
        Row renewed(Instant now, Instant end, Promise promise) {
            return new Row(id, end, now, promise);
        }

        Row published(Promise promise) {
            return new Row(id, until, renewed, promise);
        }
    }

    HeldFloor(Floors floors, Supplier<Instant> clock, FloorTerms terms, OpenCommits open, OpenNumbers numbers) {
        this.floors = floors;
        this.clock = clock;
        this.terms = terms;
        this.open = open;
        this.numbers = numbers;
        keeper.setDaemon(true);
    }

    void start() {
        keeper.start();
    }

    /** Opens a commit after the version before it; whoever calls this says how it ended. */
    CommitInstant begin(Instant previous) {
        return begin(previous, terms.write());
    }

    /** The same for one that the database may apply for so long. */
    CommitInstant begin(Instant previous, Duration length) {
        while (true) {
            numbers.current();
            take(length);
            // Outside of the monitor, within which nobody may wait for the database. A limit that is a little early is
            // safe.
            Instant now = clock.get();
            synchronized (this) {
                Row held = row;
                if (closed) {
                    throw new Refusal(Refusal.Reason.NOT_READY, "the server stops");
                }
                if (held != null && lasts(held, now, length)) {
                    lastCommit = now;
                    OpenNumbers.Use use = numbers.begin(now.plus(length));
                    return new CommitInstant(open.begin(now, previous), now.plus(length), use);
                }
            }
        }
    }

    /** What the ids of all rows of this process begin with. */
    String process() {
        return process;
    }

    /** One round of keeping: raises, renews, or gives up. */
    void tick() {
        Row held = row;
        if (held == null) {
            if (open.hasLost()) {
                take(terms.write());
            }
            return;
        }
        Instant now = clock.get();
        if (letGo(held, now)) {
            floors.giveUp(held.id());
        } else if (!now.isBefore(held.renewed().plus(terms.renew()))) {
            renew(held, now);
        } else {
            publish(held, now);
        }
    }

    @Override
    public void close() {
        Row held;
        synchronized (this) {
            closed = true;
            held = row;
        }
        keeper.interrupt();
        if (held != null && open.isEmpty()) {
            try {
                floors.giveUp(held.id());
            } catch (MongoException e) {
                LOG.debug("the row {} is left to expire", held.id(), e);
            }
        }
    }

    private void take(Duration length) {
        Row held = row;
        if (held != null && lasts(held, clock.get(), length)) {
            return;
        }
        long failures = failure.count();
        taking.lock();
        try {
            held = row;
            failure.throwIfSince(failures);
            Instant now = clock.get();
            if (held == null || !lasts(held, now, length)) {
                String id = process + "-" + taken.incrementAndGet();
                Instant until = now.plus(terms.leaseFor(length));
                Promise promise = promise(now);
                FloorBoard board = floors.take(id, promise, until);
                open.beginAbove(board.now());
                open.endLost(now.minus(terms.margin()));
                if (board.isClosedFor(promise.number())) {
                    numbers.reach(board.closed(), now.minus(terms.margin()));
                    return;
                }
                synchronized (this) {
                    lastCommit = now;
                    row = new Row(id, until, now, promise);
                }
                if (held != null) {
                    floors.giveUp(held.id());
                }
            }
        } catch (MongoException e) {
            failure.set(e);
            throw e;
        } finally {
            taking.unlock();
        }
    }

    private boolean lasts(Row held, Instant now, Duration length) {
        return now.plus(length).plus(terms.margin()).isBefore(held.until());
    }

    /** No commit can begin under the row any more once this is true. */
    private synchronized boolean letGo(Row held, Instant now) {
        boolean idle = held.equals(row)
                && open.isEmpty()
                && lastCommit.plus(terms.idle()).isBefore(now);
        if (idle) {
            row = null;
        }
        return idle;
    }

    private Promise promise(Instant now) {
        return new Promise(open.promise(now), numbers.least(now.minus(terms.margin())));
    }

    private void renew(Row held, Instant now) {
        Promise promise = promise(now);
        Instant until = later(held.until(), now.plus(terms.lease()));
        if (floors.renew(held.id(), promise, until)) {
            open.endLost(now.minus(terms.margin()));
            replace(held, held.renewed(now, until, promise));
        } else {
            lost(held);
        }
    }

    /** A row that was taken for longer keeps its end. */
    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private void publish(Row held, Instant now) {
        Promise promise = promise(now);
        if (promise.equals(held.published())) {
            return;
        }
        if (floors.publish(held.id(), promise)) {
            replace(held, held.published(promise));
        } else {
            lost(held);
        }
    }

    private synchronized void replace(Row held, @Nullable Row by) {
        if (held.equals(row)) {
            row = by;
        }
    }

    private void lost(Row held) {
        if (closed || !held.equals(row)) {
            // Given up for one that lasts longer, if not for good.
            return;
        }
        LOG.warn("this process stood still for so long that its floor expired; it takes a new one");
        replace(held, null);
    }

    private void keep() {
        while (!closed) {
            try {
                TimeUnit.NANOSECONDS.sleep(terms.publish().toNanos());
                tick();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.debug("the floor is kept a little later", e);
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(Duration.ofMillis(200).toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
