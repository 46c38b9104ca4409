package miroir.server.reports;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import miroir.index.store.Copied;
import miroir.index.store.ResourceStore;
import org.bson.BsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the report on quality whenever it is due, in a thread of its own: where there is none, once a day, and once a copy of the directory has been brought
 * up to date since, though not more than once an hour for that. Before the first copy is whole there is nothing to report on; where there are no copies the first report comes a few minutes after the start.
 *
 * <p>It takes half of its time at most, so that requests have the rest; of several servers one makes it.
 */
final class KeepReporting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeepReporting.class);
    private static final Duration SOONEST = Duration.ofHours(1);
    /** Until then a server without copies may still get some. */
    private static final Duration FILLED_BY_CLIENTS = Duration.ofMinutes(5);

    private static final Duration LOOKS_AGAIN = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(10);
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private final Duration every;
    private final Instant started = Instant.now();
    private final ResourceStore store;
    private final Supplier<MakeQualityReport> make;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closed = lock.newCondition();
    private final Thread thread = new Thread(this::run, "reports");
    private boolean closing;

    KeepReporting(Duration every, ResourceStore store, Supplier<MakeQualityReport> make) {
        this.every = every;
        this.store = store;
        this.make = make;
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    private void run() {
        Duration pause = LOOKS_AGAIN;
        while (!closesWithin(pause)) {
            try {
                if (isDue(Instant.now())) {
                    store.reports().make(QualityReport.KIND, this::made);
                }
                pause = LOOKS_AGAIN;
            } catch (Closing e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("the report on quality was not made, and is tried again: {}", e.getMessage());
                pause = AFTER_FAILURE;
            }
        }
    }

    private boolean isDue(Instant now) {
        if (!store.readiness().ready()) {
            return false;
        }
        List<BsonDocument> newest = store.reports().newest(QualityReport.KIND, 1);
        Map<String, Copied> copies = store.copies();
        if (newest.isEmpty()) {
            return copies.isEmpty()
                    ? now.isAfter(started.plus(FILLED_BY_CLIENTS))
                    : copies.values().stream().noneMatch(copied -> copied.asOf() == null);
        }
        Instant begun = QualityReport.of(newest.get(0)).begun();
        boolean copiedSince = copies.values().stream()
                .anyMatch(copied -> copied.asOf() != null && copied.asOf().isAfter(begun));
        return now.isAfter(begun.plus(every)) || (copiedSince && now.isAfter(begun.plus(SOONEST)));
    }

    private BsonDocument made(Runnable stillMine) {
        long[] before = {System.nanoTime()};
        return make.get()
                .run(() -> {
                    stillMine.run();
                    Duration worked = Duration.ofNanos(System.nanoTime() - before[0]);
                    if (closesWithin(worked.compareTo(LONGEST_REST) < 0 ? worked : LONGEST_REST)) {
                        throw new Closing();
                    }
                    before[0] = System.nanoTime();
                })
                .resource(null);
    }

    /** Ends the work in the middle. */
    private static final class Closing extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private boolean closesWithin(Duration pause) {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!closing && left > 0) {
                left = closed.awaitNanos(left);
            }
            return closing;
        } catch (InterruptedException e) {
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            closed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
