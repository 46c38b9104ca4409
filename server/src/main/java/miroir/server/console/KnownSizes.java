package miroir.server.console;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;

/** How many resources there are of a type. Anybody may ask for the first page, and nobody counts how often, so the database is asked every ten seconds at most. */
final class KnownSizes {
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ResourceStore store;
    private final Map<String, Counted> counts = new ConcurrentHashMap<>();

    private record Counted(long count, long at) {}

    KnownSizes(ResourceStore store) {
        this.store = store;
    }

    /** Negative where that cannot be said at the moment. */
    long count(String type) {
        return counts.compute(
                        type,
                        (key, before) -> before == null || System.nanoTime() - before.at() > GOOD_NANOS
                                ? new Counted(counted(type), System.nanoTime())
                                : before)
                .count();
    }

    private long counted(String type) {
        try {
            return store.live(type, Deadline.in(PATIENCE));
        } catch (Refusal away) {
            return -1;
        }
    }
}
