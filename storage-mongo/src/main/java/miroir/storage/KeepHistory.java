package miroir.storage;

import com.mongodb.MongoException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs and purges history in the background: once after the start, as soon as the types are prepared, and then whenever it
 * is due, whichever server is the first to see that. A failure is logged and tried again; nothing waits for this at a stop.
 */
final class KeepHistory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeepHistory.class);
    private static final Duration UNTIL_READY = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final PrepareTypes prepareTypes;
    private final RepairHistory repairHistory;
    private final PurgeHistory purgeHistory;
    private final HoldJob holdJob;
    private final Set<String> types;
    private final HistoryUpkeep upkeep;
    private final Thread background = new Thread(this::runWhenDue, "keep-history");
    private volatile boolean closed;

    /** When the job was last held for longer; touched by the background thread alone. */
    private long kept;

    KeepHistory(
            StoreDatabase database,
            PrepareTypes prepareTypes,
            RepairHistory repairHistory,
            Set<String> types,
            HistoryUpkeep upkeep) {
        this.prepareTypes = prepareTypes;
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
    }

    private void runWhenDue() {
        boolean early = true;
        try {
            while (!closed) {
                if (!prepareTypes.readiness().ready()) {
                    pause(UNTIL_READY);
                    continue;
                }
                early &= !hasRun(early);
                pause(BETWEEN_LOOKS);
            }
        } catch (InterruptedException e) {
            // The store is being closed.
        }
    }

    private boolean hasRun(boolean early) {
        try {
            Optional<Instant> taken = holdJob.take(early);
            taken.ifPresent(this::run);
            return taken.isPresent();
        } catch (MongoException e) {
            if (!closed && Refusing.isAway(e)) {
                LOG.warn("the database is away, history is looked after later: {}", e.getMessage());
            } else if (!closed) {
                LOG.warn("looking after history failed, trying again", e);
            }
            return false;
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.warn("looking after history failed, trying again", e);
            }
            return false;
        }
    }

    private void run(Instant now) {
        kept = System.nanoTime();
        UpkeepCounts counts = UpkeepCounts.NONE;
        for (String type : prepareTypes.searchable(types)) {
            counts = counts.and(repairHistory.run(type, this::goesOn))
                    .and(purgeHistory.run(type, upkeep, now, this::goesOn));
        }
        holdJob.giveBack(upkeep.every(), now, counts);
        if (counts.equals(UpkeepCounts.NONE)) {
            LOG.debug("history was looked after, there was nothing to do");
        } else {
            LOG.info("history was looked after: {}", counts);
        }
    }

    /** Holds the job for longer where half of the time is over. */
    private boolean goesOn() {
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
