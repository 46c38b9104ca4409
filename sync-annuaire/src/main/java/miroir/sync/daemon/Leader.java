package miroir.sync.daemon;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.sync.run.Leadership;
import miroir.sync.run.RunEnded;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wants to lead, and keeps the lease once it has it. That this process thinks it leads proves nothing: what it writes about
 * runs carries the lease's token, and what it writes of resources the lease's end, and the database holds both against what
 * is true there. So a leader that was stopped and wakes up writes nothing, whatever it thinks.
 */
public final class Leader implements Leadership, AutoCloseable {
    static final String THREAD = "lead";
    static final String JOB = "synchronisation";
    private static final Logger LOG = LoggerFactory.getLogger(Leader.class);

    private final Ledger ledger;
    private final Duration length;
    private final String self = UUID.randomUUID().toString();
    private final Thread keeper = new Thread(this::keep, THREAD);
    private final Duration rest;
    private final Heartbeat heartbeat;
    private volatile @Nullable Lease held;
    private volatile boolean closed;

    /**
     * A candidate.
     *
     * @param length for how long the lease is taken; it is renewed after a quarter of that
     */
    public Leader(Ledger ledger, Duration length) {
        this.ledger = ledger;
        this.length = length;
        this.rest = length.dividedBy(4);
        this.heartbeat = new Heartbeat("what takes and keeps the lease", rest);
        keeper.setDaemon(true);
    }

    /** Goes on wanting and keeping in the background. */
    public void start() {
        keeper.start();
    }

    /** Tries once; true where this process leads. Nobody does while an import fills the database. */
    public boolean tryOnce() {
        Lease lease = held;
        if (lease == null && ledger.isBeingFilled()) {
            return false;
        }
        Optional<Lease> now = lease == null ? ledger.take(JOB, self, length) : ledger.keep(lease, length);
        if (lease == null && now.isPresent()) {
            LOG.info("this process leads, with token {}", now.get().token());
        }
        if (lease != null && now.isEmpty()) {
            LOG.warn("another process leads now");
        }
        held = now.orElse(null);
        return held != null;
    }

    public boolean isLeading() {
        return held != null;
    }

    /** Of what goes on in the background. */
    Heartbeat heartbeat() {
        return heartbeat;
    }

    @Override
    public Lease lease() {
        Lease lease = held;
        if (lease == null) {
            throw new RunEnded(RunEnded.Why.LEASE_LOST, "another process leads now");
        }
        return lease;
    }

    @Override
    public void close() {
        closed = true;
        keeper.interrupt();
        Lease lease = held;
        held = null;
        if (lease != null) {
            try {
                ledger.giveBack(lease);
            } catch (Refusal e) {
                LOG.debug("the lease is left to expire", e);
            }
        }
    }

    private void keep() {
        while (!closed) {
            heartbeat.beat();
            try {
                tryOnce();
            } catch (Refusal e) {
                LOG.debug("the lease is taken or kept later", e);
            } catch (RuntimeException e) {
                LOG.warn("the lease could not be taken or kept, trying again", e);
            }
            try {
                TimeUnit.NANOSECONDS.sleep(rest.toNanos());
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
