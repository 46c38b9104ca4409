package miroir.sync.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.ledger.LeaseLost;
import miroir.storage.sync.Command;
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

    /** By source, the command that is being done or waits; whoever looks meets it again at every look. */
    private final Map<String, String> begun = new ConcurrentHashMap<>();

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
        String before = begun.putIfAbsent(command.subject(), command.id());
        if (before == null) {
            caller.execute(() -> run(command));
        } else if (!before.equals(command.id())) {
            // One that waits tells as much.
            parts.register().drop(leader.lease(), command);
        }
    }

    private void run(Command command) {
        try {
            parts.register().tried(leader.lease(), command, tried(command.subject()));
        } catch (LeaseLost | RunEnded | Refusal e) {
            LOG.info("{} is tried again: {}", command.subject(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("{} could not be tried", command.subject(), e);
        } finally {
            begun.remove(command.subject());
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
            return Trial.failed(before, type, e.reason());
        } catch (RuntimeException e) {
            return Trial.failed(parts.clock().instant(), type, RunEnded.of(e).reason());
        }
    }

    @Override
    public void close() {
        caller.shutdownNow();
    }
}
