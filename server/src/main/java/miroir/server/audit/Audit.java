package miroir.server.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import miroir.index.store.KeptAudit;
import miroir.index.store.KeptAudit.Note;
import miroir.server.configuration.AuditConfiguration;
import miroir.server.configuration.AuditConfiguration.Reads;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes who did what, as far as the configuration wants it. */
public final class Audit implements AutoCloseable {
    private static final Audit NONE = new Audit(
            new AuditConfiguration(false, Reads.NONE, null), new BoundedRefusals(InstantSource.system()), null);

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long PREPARE_AGAIN_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final boolean writes;
    private final Reads reads;
    private final @Nullable AppendNotes append;
    private final BoundedRefusals refusals;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();

    /** Guarded by the lock. */
    private boolean closed;

    private Audit(AuditConfiguration configuration, BoundedRefusals refusals, @Nullable AppendNotes append) {
        this.writes = configuration.writes();
        this.reads = configuration.reads();
        this.refusals = refusals;
        this.append = append;
    }

    /** Of a server that keeps no notes. */
    public static Audit none() {
        return NONE;
    }

    /** One that keeps its notes there. */
    public static Audit in(KeptAudit kept, AuditConfiguration configuration, MeterRegistry meters) {
        BoundedRefusals refusals = new BoundedRefusals(InstantSource.system());
        AppendNotes append = AppendNotes.begin(kept, new NoteCounts(meters), refusals::counted, PATIENCE);
        Audit audit = new Audit(configuration, refusals, append);
        Gauge.builder("miroir.audit.waiting", append, AppendNotes::waiting)
                .description("Notes that wait to be kept")
                .register(meters);
        Thread prepare = new Thread(() -> audit.prepare(kept, configuration.retention()), "prepare-audit");
        prepare.setDaemon(true);
        prepare.start();
        return audit;
    }

    /** Whether anything is noted. */
    public boolean isKept() {
        return append != null;
    }

    /** Whether writes of resources are noted. */
    public boolean notesWrites() {
        return writes && append != null;
    }

    /** Whether the reads of whoever has a token, or has none, are noted. */
    public boolean notesReads(boolean byToken) {
        return append != null && (reads == Reads.ALL || (reads == Reads.CONSUMERS && byToken));
    }

    /** Complete once it is kept that somebody asked; what he asked for is not done before. */
    public CompletableFuture<Void> begin(Note asked, int weight) {
        return append == null ? CompletableFuture.completedFuture(null) : append.append(asked, weight);
    }

    /** Notes how it ended. */
    public void end(Note outcome, int weight) {
        if (append != null) {
            append.appendLater(outcome, weight, false);
        }
    }

    /** Notes a read. */
    public void read(Note read, int weight) {
        if (append != null) {
            append.appendLater(read, weight, true);
        }
    }

    /** Notes that somebody was refused, or counts it where that happens too often. */
    public void refused(String network, Note refusal, int weight) {
        if (append != null) {
            refusals.note(network, refusal).ifPresent(note -> append.appendLater(note, weight, true));
        }
    }

    /** Until it is done: the database may be away, and its user may lack the right to make indexes. Nobody waits for that. */
    private void prepare(KeptAudit kept, @Nullable Duration retention) {
        while (true) {
            try {
                kept.prepare(retention);
                return;
            } catch (RuntimeException e) {
                LOG.warn(
                        "the indexes of the audit, by which notes are found and go in time, are not ready yet: {}",
                        e.getMessage());
            }
            if (isClosedWithin(PREPARE_AGAIN_SECONDS)) {
                return;
            }
        }
    }

    private boolean isClosedWithin(long seconds) {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(seconds);
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
            return closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps what waits, and takes nothing more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        if (append != null) {
            refusals.rest().forEach(note -> append.appendLater(note, 1, true));
            append.close();
        }
    }
}
