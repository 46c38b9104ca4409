package miroir.server.reports;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import miroir.index.store.Copied;
import miroir.index.store.KeptReports.Draft;
import miroir.index.store.ResourceStore;
import miroir.server.directory.DirectoryResource;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the report on quality whenever it is due, in a thread of its own. It rests as long as it works, so that requests have the rest; of several servers one
 * makes it.
 */
final class KeepReporting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeepReporting.class);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofMinutes(1);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(10);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(3);

    private final WhenDue whenDue;
    private final ResourceStore store;
    private final Function<Map<String, Instant>, MakeQualityReport> make;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closed = lock.newCondition();
    private final Thread thread = new Thread(this::run, "reports");
    private boolean closing;

    /**
     * Of a store.
     *
     * @param make what makes one of copies that are as of these instants
     */
    KeepReporting(WhenDue whenDue, ResourceStore store, Function<Map<String, Instant>, MakeQualityReport> make) {
        this.whenDue = whenDue;
        this.store = store;
        this.make = make;
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    private void run() {
        Duration pause = SOON;
        while (!closesWithin(pause)) {
            try {
                QualityReport last = newest();
                boolean due = isDue(last);
                if (due) {
                    store.reports().make(QualityReport.KIND, this::made);
                }
                pause = due || last != null ? LATER : SOON;
            } catch (Closing e) {
                return;
            } catch (Throwable failure) {
                // Without this thread there would never be another one.
                LOG.warn("the report on quality was not made, and is tried again", failure);
                pause = AFTER_FAILURE;
            }
        }
    }

    private boolean isDue(@Nullable QualityReport last) {
        if (!store.readiness().ready()) {
            return false;
        }
        Map<String, Copied> copies = copies();
        boolean areWhole = copies.values().stream().noneMatch(copied -> copied.asOf() == null);
        return whenDue.isDue(Instant.now(), last, asOf(copies), areWhole);
    }

    /** Those of the directory. */
    private Map<String, Copied> copies() {
        Map<String, Copied> copies = new HashMap<>(store.copies());
        copies.keySet().retainAll(DirectoryResource.TYPES);
        return copies;
    }

    private static Map<String, Instant> asOf(Map<String, Copied> copies) {
        Map<String, Instant> asOf = new HashMap<>();
        copies.forEach((type, copied) -> {
            if (copied.asOf() != null) {
                asOf.put(type, copied.asOf());
            }
        });
        return asOf;
    }

    private @Nullable QualityReport newest() {
        return store.reports().newest(QualityReport.KIND, 1).stream()
                .map(kept -> QualityReport.of(kept.content()))
                .findFirst()
                .orElse(null);
    }

    /** Another server may have made it since it was found due. Of nothing there is no report. */
    private Optional<BsonDocument> made(Draft draft) {
        if (!isDue(newest())) {
            return Optional.empty();
        }
        long[] before = {System.nanoTime()};
        QualityReport report = make.apply(asOf(copies())).run(draft, () -> {
            draft.goesOn();
            if (closesWithin(Duration.ofNanos(System.nanoTime() - before[0]))) {
                throw new Closing();
            }
            before[0] = System.nanoTime();
        });
        return report.isOfSomething() ? Optional.of(report.resource(null)) : Optional.empty();
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
            thread.join(STOPS_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
