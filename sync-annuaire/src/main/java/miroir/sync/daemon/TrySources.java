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

    /** Commands that wait, or are being done; whoever looks meets them again at every look. */
    private final Set<String> begun = ConcurrentHashMap.newKeySet();

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
        if (begun.add(command.id())) {
            caller.execute(() -> {
                try {
                    parts.register().tried(leader.lease(), command, tried(command.subject()));
                } catch (LeaseLost | RunEnded | Refusal e) {
                    LOG.info("{} is tried again: {}", command.subject(), e.getMessage());
                } finally {
                    begun.remove(command.id());
                }
            });
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
