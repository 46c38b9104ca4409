package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs and purges history in the background: of each type once after the start, as soon as it is prepared, and then of all
 * that are whenever it is due, whichever server is the first to see that. A failure is logged and tried again; a stop does
 * not wait for what is being done, and leaves the job to the next server.
 */
final class KeepHistory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeepHistory.class);
    private static final Duration UNTIL_READY = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    /** By how much a mark of an erasure may be seen later than its instant says, and more. */
    private static final Duration MARKS_LATE = Duration.ofMinutes(1);

    private final PrepareTypes prepareTypes;
    private final EndOrphans endOrphans;
    private final RepairHistory repairHistory;
    private final PurgeHistory purgeHistory;
    private final HoldJob holdJob;
    private final Set<String> types;
    private final HistoryUpkeep upkeep;
    private final Thread background = new Thread(this::runWhenDue, "keep-history");
    private volatile boolean closed;

    /** Since when nothing of a type is left undone; touched by the background thread alone. */
    private final Map<String, Instant> lookedAfter = new HashMap<>();

    /** Whether it was said already; touched by the background thread alone. */
    private boolean away;

    /** When the job was last held for longer; touched by the background thread alone. */
    private long kept;

    KeepHistory(
            StoreDatabase database,
            PrepareTypes prepareTypes,
            EndOrphans endOrphans,
            RepairHistory repairHistory,
            Set<String> types,
            HistoryUpkeep upkeep) {
        this.prepareTypes = prepareTypes;
        this.endOrphans = endOrphans;
        this.repairHistory = repairHistory;
        this.purgeHistory = new PurgeHistory(database);
        this.holdJob = new HoldJob(database, "history");
        this.types = types;
        this.upkeep = upkeep;
        background.setDaemon(true);
    }

    void start() {
        background.start();
    }

    @Override
    public void close() {
        closed = true;
        background.interrupt();
        try {
            holdJob.letGo();
        } catch (MongoException e) {
            LOG.debug("the job is left to expire", e);
        }
    }

    private void runWhenDue() {
        try {
            while (!closed) {
                look();
                pause(prepareTypes.readiness().ready() ? BETWEEN_LOOKS : UNTIL_READY);
            }
        } catch (InterruptedException e) {
            // The store is being closed.
        }
    }

    private void look() {
        try {
            Set<String> ready = prepareTypes.mayWrite() ? prepareTypes.ready(types) : Set.of();
            Set<String> fresh = new TreeSet<>(ready);
            fresh.removeAll(lookedAfter.keySet());
            if (!fresh.isEmpty()) {
                Duration dueIn = fresh.equals(ready) ? upkeep.every() : null;
                holdJob.take(true).ifPresent(now -> run(fresh, now, dueIn));
            } else if (!ready.isEmpty()) {
                holdJob.take(false).ifPresent(now -> run(ready, now, upkeep.every()));
            }
            away = false;
        } catch (MongoException e) {
            if (Refusing.isAway(e)) {
                logAway(e);
            } else {
                logFailure(e);
            }
        } catch (RuntimeException e) {
            logFailure(e);
        }
    }

    private void logAway(MongoException e) {
        if (!closed && !away) {
            LOG.warn("the database is away, history is looked after later: {}", e.getMessage());
        }
        away = true;
    }

    private void logFailure(RuntimeException e) {
        if (!closed) {
            LOG.warn("looking after history failed, trying again", e);
        }
    }

    private void run(Set<String> wanted, Instant now, @Nullable Duration dueIn) {
        kept = System.nanoTime();
        UpkeepCounts counts = UpkeepCounts.NONE;
        for (String type : wanted) {
            counts = counts.and(lookAfter(type, now));
        }
        if (closed) {
            return;
        }
        holdJob.giveBack(dueIn, now, counts);
        if (counts.equals(UpkeepCounts.NONE)) {
            LOG.debug("history was looked after, there was nothing to do");
        } else {
            LOG.info("history was looked after: {}", counts);
        }
    }

    private UpkeepCounts lookAfter(String type, Instant now) {
        Instant before = lookedAfter.get(type);
        UpkeepCounts orphans = before == null ? endOrphans.run(type, this::goesOn) : UpkeepCounts.NONE;
        Instant erasedSince = before == null ? Instant.EPOCH : before.minus(MARKS_LATE);
        UpkeepCounts counts = orphans.and(repairHistory.run(type, erasedSince, this::goesOn))
                .and(purgeHistory.run(type, upkeep, now, this::goesOn));
        if (!closed) {
            lookedAfter.put(type, now);
        }
        return counts;
    }

    /** Holds the job for longer where half of the time is over. */
    private boolean goesOn() {
        if (!closed && !prepareTypes.mayWrite()) {
            throw new IllegalStateException("this server may not write at the moment");
        }
        if (!closed && System.nanoTime() - kept > HoldJob.LENGTH.toNanos() / 2) {
            if (!holdJob.keep()) {
                throw new IllegalStateException("another server has taken the job meanwhile");
            }
            kept = System.nanoTime();
        }
        return !closed;
    }

    private static void pause(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }
}
