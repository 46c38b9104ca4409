package miroir.storage;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A type that is loaded for the first time, without the indexes of searches, until it is finished or closed. It is kept by a thread of its own, for a source may be waited
 * for longer than the job is held. Where it is not finished, because the load failed, was stopped or died, whoever sees that makes the indexes, beside whatever is loaded then.
 */
public final class FirstLoad implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FirstLoad.class);
    private static final long BETWEEN = HoldJob.LENGTH.dividedBy(8).toMillis();

    private final HoldJob job;
    private final Runnable makeIndexes;
    private final Runnable lookAnew;
    private final ScheduledFuture<?> keeping;
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "first-load");
        thread.setDaemon(true);
        return thread;
    });

    FirstLoad(HoldJob job, Runnable makeIndexes, Runnable lookAnew) {
        this.job = job;
        this.makeIndexes = makeIndexes;
        this.lookAnew = lookAnew;
        keeping = keeper.scheduleWithFixedDelay(this::tryToKeep, BETWEEN, BETWEEN, TimeUnit.MILLISECONDS);
    }

    private void tryToKeep() {
        try {
            if (!keep()) {
                LOG.warn(
                        "a first load was not heard of for {}: the indexes of searches are being made while it goes on",
                        HoldJob.LENGTH);
                keeping.cancel(false);
            }
        } catch (RuntimeException e) {
            LOG.warn("a first load could not be kept: {}", e.getMessage());
        }
    }

    /** Says that it goes on; false where that comes too late. */
    boolean keep() {
        return job.keepWhereHeld();
    }

    /** Everything is there: makes the indexes, and returns when this process searches the type, and others will as soon as they look. */
    public void finish() {
        Refusing.failures("making the indexes of what was loaded for the first time", () -> {
            makeIndexes.run();
            end();
            // What is known of a type is forgotten with its first load: it is looked at once more, and everything is
            // there.
            makeIndexes.run();
            return true;
        });
    }

    /** Ends it in any case. What cannot be said for want of a database is said by time. */
    @Override
    public void close() {
        keeping.cancel(false);
        keeper.shutdown();
        try {
            end();
        } catch (RuntimeException e) {
            LOG.warn(
                    "the end of a first load could not be told, and is seen within {}: {}",
                    HoldJob.LENGTH,
                    e.getMessage());
        }
    }

    private void end() {
        job.letGo();
        lookAnew.run();
    }
}
