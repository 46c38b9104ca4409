package miroir.server.export;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.MongoResourceStore;
import miroir.storage.ledger.Lease;
import org.bson.BsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has exports cut into files by one of the servers of a database, one after the other, the oldest first. Whoever cuts has the lease in the document of the export and renews it beside his work; who
 * dies with it holds it until it is over, and another server goes on.
 */
final class KeepCutting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeepCutting.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final int RENEWED_PER_LEASE = 4;
    private static final long SECONDS_TO_STOP = 3;

    private final MongoResourceStore store;
    private final KeptExports kept;
    private final ServerConfiguration configuration;
    private final Duration length;
    private final String self = UUID.randomUUID().toString();
    private final Semaphore nudged = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "exports");
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread renewing = new Thread(work, "exports-lease");
        renewing.setDaemon(true);
        return renewing;
    });
    private volatile boolean closed;

    /** Touched by the thread alone. */
    private boolean isFailing;

    KeepCutting(MongoResourceStore store, KeptExports kept, ServerConfiguration configuration, Duration length) {
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
                goRound();
                if (nudged.tryAcquire(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                    nudged.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            // The server stops.
        }
    }

    private void goRound() {
        try {
            if (store.readiness().ready()) {
                kept.prepare();
                kept.waiting().forEach(this::cut);
            }
            isFailing = false;
        } catch (Refusal refused) {
            if (!isFailing && !closed) {
                LOG.info("exports are cut a little later: {}", refused.getMessage());
            }
            isFailing = true;
        } catch (RuntimeException e) {
            LOG.warn("exports are cut a little later", e);
        }
    }

    private void cut(String id) {
        Optional<Lease> lease = closed ? Optional.empty() : kept.take(id, self, length);
        if (lease.isEmpty()) {
            return;
        }
        Held held = new Held(lease.get());
        long every = length.toMillis() / RENEWED_PER_LEASE;
        ScheduledFuture<?> renewal = renewals.scheduleWithFixedDelay(held::renew, every, every, TimeUnit.MILLISECONDS);
        try {
            kept.find(id)
                    .filter(export -> export.state() == Export.State.CUTTING)
                    .ifPresent(export -> cut(export, held));
        } catch (Ended ended) {
            LOG.debug("the export {} is cut by another server, or was ended", id);
        } finally {
            renewal.cancel(false);
            kept.giveBack(held.lease);
        }
    }

    /** What cannot be done now is tried again; what can never be done ends the export, and is told to who asked. */
    private void cut(Export export, Held held) {
        try {
            ExportSearch search = new ExportSearch(store, configuration.search());
            new CutExport(search, export, configuration.export().resources(), held).run();
            LOG.info("the export {} is complete", export.id());
        } catch (Refusal refused) {
            if (refused.reason() == Refusal.Reason.NOT_READY) {
                throw refused;
            }
            held.write(Export.failed(String.valueOf(refused.getMessage())));
        } catch (Ended ended) {
            throw ended;
        } catch (RuntimeException e) {
            LOG.error("the export {} failed", export.id(), e);
            held.write(Export.failed("the server failed; its log has the reason under the export " + export.id()));
        }
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
                LOG.debug("the lease of the export {} is renewed later", lease.job(), e);
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
