package miroir.server.export;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.MongoResourceStore;
import miroir.storage.ledger.Lease;
import org.bson.BsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has exports cut into files by one of the servers of a database, some seconds of each in turn, the oldest first: a large one keeps nobody waiting, and neither does one that cannot be cut now. Whoever cuts has the lease in the document of the export and renews it beside his work; who
 * dies with it holds it until it is over, and another server goes on.
 */
final class KeepCutting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeepCutting.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final Duration IN_TURN = Duration.ofSeconds(3);
    private static final int RENEWED_PER_LEASE = 4;
    private static final long SECONDS_TO_STOP = 3;

    private final MongoResourceStore store;
    private final KeptExports kept;
    private final ServerConfiguration configuration;
    private final Duration length;
    private final CountExports count;
    private final String self = UUID.randomUUID().toString();
    private final Semaphore nudged = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "exports");
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread renewing = new Thread(work, "exports-lease");
        renewing.setDaemon(true);
        return renewing;
    });
    private volatile boolean closed;

    /** Those of which it was said already that they are cut later; touched by the thread alone. */
    private final Set<String> late = new HashSet<>();

    KeepCutting(
            MongoResourceStore store,
            KeptExports kept,
            ServerConfiguration configuration,
            Duration length,
            CountExports count) {
        this.count = count;
        this.store = store;
        this.kept = kept;
        this.configuration = configuration;
        this.length = length;
        thread.setDaemon(true);
    }

    KeepCutting begin() {
        thread.start();
        return this;
    }

    /** Looks at once, as after one was asked for. */
    void nudge() {
        nudged.release();
    }

    private void run() {
        try {
            while (!closed) {
                boolean more = goRound();
                if (!more && nudged.tryAcquire(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                    nudged.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            // The server stops.
        }
    }

    /** Whether there is more to do at once. */
    private boolean goRound() {
        List<String> waiting = waiting();
        late.retainAll(waiting);
        boolean more = false;
        for (String id : waiting) {
            more |= goOn(id);
        }
        return more && !closed;
    }

    private List<String> waiting() {
        try {
            if (!store.readiness().ready()) {
                return List.of();
            }
            kept.prepare();
            return kept.waiting();
        } catch (RuntimeException e) {
            LOG.debug("which exports are to be cut is looked for a little later", e);
            return List.of();
        }
    }

    /** Whether there is more to do of it at once. What fails is tried again in the next round. */
    private boolean goOn(String id) {
        try {
            boolean more = cut(id);
            late.remove(id);
            return more;
        } catch (RuntimeException e) {
            if (!closed && late.add(id)) {
                LOG.warn("the export {} is cut a little later", KnownExports.name(id), e);
            }
            return false;
        }
    }

    private boolean cut(String id) {
        Optional<Lease> lease = closed ? Optional.empty() : kept.take(id, self, length);
        if (lease.isEmpty()) {
            return false;
        }
        Held held = new Held(lease.get());
        long every = length.toMillis() / RENEWED_PER_LEASE;
        ScheduledFuture<?> renewal = renewals.scheduleWithFixedDelay(held::renew, every, every, TimeUnit.MILLISECONDS);
        try {
            Optional<Export> export = kept.find(id).filter(found -> found.state() == Export.State.CUTTING);
            return export.isPresent() && cut(export.get(), held);
        } catch (Ended ended) {
            LOG.debug("the export {} is cut by another server, or was ended", KnownExports.name(id));
            return false;
        } finally {
            renewal.cancel(false);
            kept.giveBack(held.lease);
        }
    }

    /** What cannot be done now is tried again; what can never be done ends the export, and is told to who asked. */
    private boolean cut(Export export, Held held) {
        try {
            ExportSearch search = new ExportSearch(store, configuration.search());
            boolean complete =
                    new CutExport(search, export, configuration.export().resources(), held).run(Deadline.in(IN_TURN));
            if (complete) {
                LOG.info("the export {} is complete", KnownExports.name(export.id()));
            }
            return !complete;
        } catch (Refusal refused) {
            if (refused.reason() == Refusal.Reason.NOT_READY) {
                throw refused;
            }
            fail(held, String.valueOf(refused.getMessage()), refused);
        } catch (Ended ended) {
            throw ended;
        } catch (RuntimeException e) {
            String name = KnownExports.name(export.id());
            LOG.error("the export {} failed", name, e);
            fail(held, "the server failed; its log has the reason under the export " + name, e);
        }
        return false;
    }

    private void fail(Held held, String told, RuntimeException why) {
        held.write(Export.failed(told));
        count.failed(CountExports.What.EXPORT, why);
    }

    /** What is being cut goes on elsewhere. */
    @Override
    public void close() {
        closed = true;
        nudge();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_STOP));
            thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        renewals.shutdownNow();
    }

    /** An export that somebody else goes on with, or nobody. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("ended", null, false, false);
        }
    }

    /** One while it is cut here. */
    private final class Held implements CutExport.Holding {
        private final Lease lease;
        private volatile boolean lost;

        Held(Lease lease) {
            this.lease = lease;
        }

        private void renew() {
            try {
                lost = kept.keep(lease, length).isEmpty();
            } catch (RuntimeException e) {
                LOG.debug("the lease of the export {} is renewed later", KnownExports.name(lease.job()), e);
            }
        }

        @Override
        public void goesOn() {
            if (closed || lost) {
                throw new Ended();
            }
        }

        @Override
        public void write(BsonDocument fields) {
            if (!kept.write(lease, fields)) {
                throw new Ended();
            }
        }
    }
}
