package miroir.sync.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.ledger.LeaseLost;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Command;
import miroir.storage.sync.KnownSource;
import miroir.storage.sync.KnownSource.Trial;
import miroir.storage.sync.Synchronisation;
import miroir.sync.run.RunEnded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls sources once because people want to know whether they answer, one after the other, beside what runs. */
final class TrySources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrySources.class);

    /** A type that every directory has. */
    private static final String SOME_TYPE = "Organization";

    private final SyncParts parts;
    private final Leader leader;
    private final ExecutorService caller = Executors.newSingleThreadExecutor(TrySources::thread);

    /** The ids of commands that are being done, or wait for that; whoever looks meets them again at every look. */
    private final Set<String> begun = ConcurrentHashMap.newKeySet();

    /** The sources of those that wait. */
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    TrySources(SyncParts parts, Leader leader) {
        this.parts = parts;
        this.leader = leader;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "try-source");
        thread.setDaemon(true);
        return thread;
    }

    void begin(Command command) {
        if (begun.contains(command.id())) {
            return;
        }
        if (waiting.add(command.subject())) {
            begun.add(command.id());
            caller.execute(() -> run(command));
        } else {
            // One that waits will tell as much.
            parts.register().drop(leader.lease(), command);
        }
    }

    private void run(Command command) {
        waiting.remove(command.subject());
        try {
            KnownSource source = parts.register().source(command.subject()).orElse(null);
            if (source == null) {
                parts.register().drop(leader.lease(), command);
            } else {
                parts.register().tried(leader.lease(), command, source.definition(), tried(source.name()));
            }
        } catch (LeaseLost | RunEnded | Refusal e) {
            LOG.info("{} is tried again: {}", command.subject(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("{} could not be tried", command.subject(), e);
        } finally {
            begun.remove(command.id());
        }
    }

    private Trial tried(String source) {
        String type = parts.register().all().stream()
                .map(Synchronisation::definition)
                .filter(each -> each.source().equals(source))
                .map(each -> each.type())
                .findFirst()
                .orElse(SOME_TYPE);
        Instant before = parts.clock().instant();
        try {
            long total = parts.impatient(source).total(type, "", () -> false);
            Instant now = parts.clock().instant();
            return Trial.answered(now, type, total, Duration.between(before, now));
        } catch (ConfigurationRefused e) {
            return Trial.failed(before, type, Cause.of(Cause.Kind.NOT_CONFIGURED, e.reason(), source));
        } catch (RuntimeException e) {
            return Trial.failed(parts.clock().instant(), type, RunEnded.of(e).cause());
        }
    }

    @Override
    public void close() {
        caller.shutdownNow();
    }
}
