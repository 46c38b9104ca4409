package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is stored to the newest format, in the background, while this server and others serve it.
 *
 * <p>One process does it at a time ({@link HoldJob}); one that dies holds up the others until its lease ends, and whoever takes over begins the step anew, which finds what is done. A step is
 * complete when it went through all types that the database has, served here or not, and then the database says so; numbers only go up, so a holder that stood still and comes late does no harm.
 *
 * <p>One that fails is tried again after a second, then two, and so on up to ten minutes, and why it failed is said to all in the place of how far it is.
 *
 * <p>A step that shuts older Miroirs out waits until the last of them is gone, as {@link SearchBoard} knows, and then for as long as anything may be
 * applied that they have begun.
 */
final class MigrateFormat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MigrateFormat.class);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 10;
    private static final int LONGEST_REASON = 300;
    private static final long SAY_EVERY = Duration.ofSeconds(1).toNanos();
    private static final String HISTORY = StoreDatabase.historyName("");

    private final StoreDatabase database;
    private final FormatBoard board;
    private final FormatSteps steps;
    private final FollowFormat format;
    private final FollowSearch follow;
    private final HoldJob job;
    private final int documentsPerSecond;
    private final SearchTerms terms;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread worker = new Thread(this::work, "migrate-format");
    private volatile boolean closed;

    /** Touched by the worker alone. */
    private String logged = "";

    /** How often it has failed in a row, and when last; touched by the worker alone. */
    private int failures;

    private long failedAt;

    /** When it was said how far it is; touched by the worker alone. */
    private long said = System.nanoTime() - SAY_EVERY;

    MigrateFormat(
            StoreDatabase database,
            FormatSteps steps,
            FollowFormat format,
            FollowSearch follow,
            int documentsPerSecond,
            SearchTerms terms) {
        this.database = database;
        this.board = new FormatBoard(database.vital());
        this.steps = steps;
        this.format = format;
        this.follow = follow;
        this.job = new HoldJob(database, "format", terms.job());
        this.documentsPerSecond = documentsPerSecond;
        this.terms = terms;
        worker.setDaemon(true);
    }

    void start() {
        worker.start();
    }

    /** The database was looked at. */
    void followed() {
        if (isWanted()) {
            wanted.release();
        }
    }

    @Override
    public void close() {
        closed = true;
        wanted.release();
        LockSupport.unpark(worker);
        try {
            worker.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        worker.interrupt();
    }

    private void work() {
        while (!closed) {
            try {
                wanted.acquire();
                wanted.drainPermits();
                if (isDue() && goesOn() && isWanted() && job.take(true).isPresent()) {
                    migrate();
                    failures = 0;
                    logged = "";
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                report(e);
            } finally {
                letGo();
            }
        }
    }

    private void letGo() {
        try {
            job.letGo();
        } catch (RuntimeException e) {
            LOG.debug("the job is left to expire", e);
        }
    }

    private void report(RuntimeException e) {
        if (closed) {
            return;
        }
        String reason = String.valueOf(e.getMessage());
        boolean isNew = !reason.equals(logged);
        logged = reason;
        if (e instanceof MongoException away && Refusing.isAway(away)) {
            if (isNew) {
                LOG.warn(
                        "the database is away, what is stored is brought to format {} later: {}",
                        format.known(),
                        reason);
            }
        } else {
            putOff(reason);
            if (isNew) {
                LOG.warn("bringing what is stored to format {} failed, trying again", format.known(), e);
            }
        }
    }

    private boolean isDue() {
        return failures == 0 || System.nanoTime() - failedAt > pause().toNanos();
    }

    /** Each time twice as long: what fails for good goes through all that is before it each time. */
    private Duration pause() {
        Duration doubled = terms.poll().multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private void putOff(String reason) {
        failures++;
        failedAt = System.nanoTime();
        try {
            board.say("failed, and is tried again: " + reason.substring(0, Math.min(reason.length(), LONGEST_REASON)));
        } catch (RuntimeException e) {
            LOG.debug("that it failed is told by the log alone", e);
        }
    }

    /** What is newer than this process knows is left to others. */
    private boolean isWanted() {
        return format.found().number() > 0 && format.found().complete() < format.known();
    }

    private boolean goesOn() {
        return !closed && follow.cannot().isEmpty();
    }

    private boolean keeps() {
        return goesOn() && job.keepWhereDue();
    }

    private void migrate() {
        for (FormatStep step : steps.after(board.read(steps.newest()).complete())) {
            if (!awaitOlder(step) || !isDone(step)) {
                return;
            }
            board.complete(step.number());
            LOG.info("all that is stored is of format {}", step.number());
        }
    }

    /** Whether nobody is left, and nothing, that the step does not bear. */
    private boolean awaitOlder(FormatStep step) {
        if (step.writers() == StoredFormat.FIRST) {
            return true;
        }
        long alone = System.nanoTime();
        while (keeps()) {
            if (!follow.allKnowFormat(step.writers())) {
                alone = System.nanoTime();
                say("waits for servers and daemons of older versions to be stopped");
            } else if (System.nanoTime() - alone >= steps.lastCommits().toNanos()) {
                return true;
            }
            LockSupport.parkNanos(terms.poll().toNanos());
        }
        return false;
    }

    /** Whether all types were gone through. */
    private boolean isDone(FormatStep step) {
        LOG.info("what is stored is brought to format {}: {}", step.number(), step.what());
        for (String type : types()) {
            say(step, type, 0);
            Pace pace = new Pace(
                    documentsPerSecond, this::keeps, terms.job().dividedBy(4).toNanos(), done -> say(step, type, done));
            step.work().run(database, type, pace);
            if (pace.done() > 0) {
                LOG.info("{} versions of {} were changed", pace.done(), type);
            }
            if (!pace.goesOn()) {
                return false;
            }
        }
        return true;
    }

    /** Whatever has a history. */
    private List<String> types() {
        List<String> names = database.database().listCollectionNames().into(new ArrayList<>());
        return names.stream()
                .filter(name -> name.endsWith(HISTORY) && !name.startsWith("miroir_"))
                .map(name -> name.substring(0, name.length() - HISTORY.length()))
                .sorted()
                .toList();
    }

    private void say(FormatStep step, String type, long done) {
        say("format " + step.number() + ", " + step.what() + ": at " + type + ", " + done + " changed");
    }

    private void say(String now) {
        if (System.nanoTime() - said > SAY_EVERY) {
            said = System.nanoTime();
            board.say(now);
        }
    }
}
