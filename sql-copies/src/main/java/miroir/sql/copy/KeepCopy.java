package miroir.sql.copy;

import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import miroir.index.yaml.ConfigurationRefused;
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
 * stays as of where it was, and says why. Views are read again from time to time, and what changed is built anew. A change stream rings where something was committed; without one it is looked for from time to time.
 */
public final class KeepCopy {
    private static final Logger LOG = LoggerFactory.getLogger(KeepCopy.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Where nothing changes it is written down that nothing did, and it is looked whether the views are others, so often at least. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** For a lock of somebody who ended. */
    private static final Duration PATIENCE = Duration.ofMillis(1_500);

    private static final Duration LOOK = Duration.ofMillis(50);

    /** After which is tried all the same. */
    private static final Duration IN_VAIN = Duration.ofHours(1);

    /** While there is a stream, it is looked by itself so many times less often. */
    private static final int SELDOM = 5;

    private final String name;
    private final Place place;
    private final StoreReader store;
    private final Supplier<List<Table>> views;
    private final Duration rebuildAfter;
    private final Duration poll;
    private final Semaphore rung = new Semaphore(0);
    private final AtomicLong changes = new AtomicLong();
    private volatile boolean isStopping;
    private volatile @Nullable Instant asOf;
    private volatile @Nullable String failure;
    private List<Table> tables = List.of();
    private @Nullable Unmakeable refused;
    private Duration pause;
    private String unread = "";

    /**
     * Keeps one.
     *
     * @param views reads the views that it is of, as they are at the moment
     * @param poll how often is looked where nobody rings, and after how long is tried again first
     */
    public KeepCopy(
            String name,
            Place place,
            StoreReader store,
            Supplier<List<Table>> views,
            Duration rebuildAfter,
            Duration poll) {
        this.name = name;
        this.place = place;
        this.store = store;
        this.views = views;
        this.rebuildAfter = rebuildAfter;
        this.poll = poll;
        this.pause = poll;
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
        tables = views.get();
        try (Copy copy = openPatiently()) {
            if (copy == null) {
                return false;
            }
            try {
                copy.prepare(rebuild);
                catchUp(copy, store.settled());
                copy.rest();
            } catch (SQLException | RuntimeException e) {
                tell(copy, e);
                throw e;
            }
            return true;
        }
    }

    /** Who ended a moment ago may have it still, as a database sees it. */
    private @Nullable Copy openPatiently() throws SQLException {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            Copy copy = open();
            if (copy != null || !Instant.now().isBefore(end)) {
                return copy;
            }
            Stopped.unless(this::goesOn);
            await(LOOK);
        }
    }

    private @Nullable Copy open() throws SQLException {
        return Copy.open(place, store, tables, rebuildAfter, this::goesOn);
    }

    /** Keeps it until it is stopped. */
    public void run() {
        while (goesOn()) {
            try {
                awaitStore();
                awaitCorrection();
                refused = null;
                keep();
            } catch (Stopped e) {
                return;
            } catch (SQLException | RuntimeException e) {
                failed(e);
            }
            await(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private void failed(Exception e) {
        String message = FailureText.of(e);
        if (!message.equals(failure)) {
            LOG.warn("the copy {} waits, and is tried again: {}", name, message);
            tellWhole(e);
        }
        failure = message;
        if (e instanceof Unmakeable unmakeable) {
            refused = unmakeable;
        }
    }

    private static void tellWhole(Exception e) {
        if (FailureText.isUnexpected(e)) {
            LOG.error("this was not expected", e);
        } else {
            LOG.debug("so it failed", e);
        }
    }

    /** To try again what a view could not be made of is in vain, and may cost much, while neither the view nor the resource is another. */
    private void awaitCorrection() {
        Unmakeable bad = refused;
        Instant end = Instant.now().plus(IN_VAIN);
        while (bad != null && Instant.now().isBefore(end) && !isChanged(read())) {
            if (store.lastChange(bad.key()).isAfter(bad.asAt())) {
                return;
            }
            await(poll.multipliedBy(SELDOM));
            Stopped.unless(this::goesOn);
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
        tables = views.get();
        try (Copy copy = open()) {
            if (copy == null) {
                if (failure == null) {
                    LOG.info("the copy {} is kept by another process; this one waits", name);
                }
                failure = "it is kept by another process";
                pause = poll;
                return;
            }
            try {
                copy.prepare(false);
                LOG.info("the copy {} is kept here: {}", name, place.shown());
                follow(copy);
            } catch (Stopped e) {
                throw e;
            } catch (SQLException | RuntimeException e) {
                tell(copy, e);
                throw e;
            }
        }
    }

    /** Where that can be written. */
    private static void tell(Copy copy, Exception why) {
        if (why instanceof Stopped) {
            return;
        }
        try {
            copy.failed(FailureText.of(why));
        } catch (SQLException e) {
            LOG.debug("that it failed is not written down", e);
        }
    }

    /** Until it is stopped, or the views are others. */
    private void follow(Copy copy) throws SQLException {
        try (WatchCommits watch = store.watch(copy.types(), types -> rung.release())) {
            Instant looked = Instant.EPOCH;
            while (goesOn()) {
                boolean isDue = Duration.between(looked, Instant.now()).compareTo(fresh()) >= 0;
                if (isDue && isChanged(read())) {
                    LOG.info("the views of the copy {} are others", name);
                    rung.release();
                    return;
                }
                if (isDue || !store.isUnchangedSince(copy.types(), copy.asOf())) {
                    looked = Instant.now();
                    catchUp(copy, store.settled());
                    if (isDue) {
                        copy.rest();
                    }
                }
                failure = null;
                pause = poll;
                await(watch.isWatching() ? poll.multipliedBy(SELDOM) : poll);
            }
        }
    }

    private Duration fresh() {
        Duration seldom = poll.multipliedBy(SELDOM);
        return seldom.compareTo(FRESH) < 0 ? seldom : FRESH;
    }

    private boolean isChanged(List<Table> now) {
        return !Table.fingerprints(now).equals(Table.fingerprints(tables));
    }

    /** The views as they are by now. While somebody writes them, or has written what is none, the copy goes on with those that it has. */
    private List<Table> read() {
        try {
            List<Table> now = views.get();
            unread = "";
            return now;
        } catch (ConfigurationRefused | UncheckedIOException e) {
            String message = FailureText.of(e);
            if (!message.equals(unread)) {
                LOG.warn("the copy {} goes on with the views that it has: {}", name, message);
            }
            unread = message;
            return tables;
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
