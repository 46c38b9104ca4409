package miroir.sql.copy;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import miroir.index.Refusal;
import miroir.sql.database.Place;
import miroir.sql.table.Table;
import miroir.storage.WatchCommits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a copy: builds what is missing of it, and follows the commits until somebody stops it.
 *
 * <p>Whatever fails, the store, the database of the copy or a view that cannot be made of some resource, is tried again, after pauses that double up to a minute, from a new connection; the copy
 * stays as of where it was, and says why. A change stream rings where something was committed; without one it is looked for from time to time.
 */
public final class KeepCopy {
    private static final Logger LOG = LoggerFactory.getLogger(KeepCopy.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Where nothing changes it is written down that nothing did, so often. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** While there is a stream, it is looked by itself so many times less often. */
    private static final int SELDOM = 5;

    private final String name;
    private final Place place;
    private final StoreReader store;
    private final List<Table> tables;
    private final Duration rebuildAfter;
    private final Duration poll;
    private final Semaphore rung = new Semaphore(0);
    private final AtomicLong changes = new AtomicLong();
    private volatile boolean isStopping;
    private volatile @Nullable Instant asOf;
    private volatile @Nullable String failure;

    /**
     * Keeps one.
     *
     * @param poll how often is looked where nobody rings, and after how long is tried again first
     */
    public KeepCopy(
            String name, Place place, StoreReader store, List<Table> tables, Duration rebuildAfter, Duration poll) {
        this.name = name;
        this.place = place;
        this.store = store;
        this.tables = List.copyOf(tables);
        this.rebuildAfter = rebuildAfter;
        this.poll = poll;
    }

    public String name() {
        return name;
    }

    /** As of when it is; null: nobody knows yet. */
    public @Nullable Instant asOf() {
        return asOf;
    }

    /** Why it does not go on; null: it does. */
    public @Nullable String failure() {
        return failure;
    }

    /** How many resources were changed in it. */
    public long changes() {
        return changes.get();
    }

    /** Has it end after the transaction that is under way. */
    public void stop() {
        isStopping = true;
        rung.release();
    }

    private boolean goesOn() {
        return !isStopping;
    }

    /**
     * Brings it to the present, once.
     *
     * @param rebuild whether all is to be built anew
     * @return false where another process has it
     */
    public boolean once(boolean rebuild) throws SQLException {
        try (Copy copy = Copy.open(place, store, tables)) {
            if (copy == null) {
                return false;
            }
            try {
                copy.prepare(rebuildAfter, rebuild, this::goesOn);
                catchUp(copy, store.settled());
            } catch (SQLException | Refusal e) {
                tell(copy, String.valueOf(e.getMessage()));
                throw e;
            }
            return true;
        }
    }

    /** Keeps it until it is stopped. */
    public void run() {
        Duration pause = poll;
        while (goesOn()) {
            try {
                awaitStore();
                keep();
                pause = poll;
            } catch (Stopped e) {
                return;
            } catch (SQLException | RuntimeException e) {
                if (!String.valueOf(e.getMessage()).equals(failure)) {
                    LOG.warn("the copy {} waits, and is tried again: {}", name, e.getMessage());
                    LOG.debug("so it failed", e);
                    pause = poll;
                }
                failure = String.valueOf(e.getMessage());
            }
            await(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /** Types that are being prepared, and a database that is not there yet, are waited for. */
    private void awaitStore() {
        String notReady = store.notReady();
        while (goesOn() && !notReady.isEmpty()) {
            if (failure == null) {
                LOG.info("the copy {} waits for the store: {}", name, notReady);
            }
            failure = "the store is not ready: " + notReady;
            await(poll);
            notReady = store.notReady();
        }
        Stopped.unless(this::goesOn);
    }

    /** Returns where another process has it. */
    private void keep() throws SQLException {
        try (Copy copy = Copy.open(place, store, tables)) {
            if (copy == null) {
                if (failure == null) {
                    LOG.info("the copy {} is kept by another process; this one waits", name);
                }
                failure = "it is kept by another process";
                return;
            }
            try {
                copy.prepare(rebuildAfter, false, this::goesOn);
                LOG.info("the copy {} is kept here: {}", name, place.shown());
                follow(copy);
            } catch (SQLException | Refusal e) {
                tell(copy, String.valueOf(e.getMessage()));
                throw e;
            }
        }
    }

    /** Where that can be written. */
    private static void tell(Copy copy, String why) {
        try {
            copy.failed(why);
        } catch (SQLException e) {
            LOG.debug("that it failed is not written down", e);
        }
    }

    private void follow(Copy copy) throws SQLException {
        try (WatchCommits watch = store.watch(copy.types(), types -> rung.release())) {
            Instant looked = Instant.EPOCH;
            while (goesOn()) {
                boolean isDue = Duration.between(looked, Instant.now()).compareTo(FRESH) >= 0;
                if (isDue || !store.isUnchangedSince(copy.types(), copy.asOf())) {
                    looked = Instant.now();
                    catchUp(copy, store.settled());
                    if (isDue) {
                        copy.rest();
                    }
                }
                failure = null;
                await(watch.isWatching() ? poll.multipliedBy(SELDOM) : poll);
            }
        }
    }

    private void catchUp(Copy copy, Instant settled) throws SQLException {
        while (settled.isAfter(copy.asOf())) {
            Stopped.unless(this::goesOn);
            changes.addAndGet(copy.step(settled));
            asOf = copy.asOf();
        }
        asOf = copy.asOf();
    }

    /** Until somebody rings, or that has passed. */
    private void await(Duration pause) {
        try {
            if (rung.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                rung.drainPermits();
            }
        } catch (InterruptedException e) {
            isStopping = true;
            Thread.currentThread().interrupt();
        }
    }
}
