package miroir.server.console;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;

/** How many resources there are of a type. */
final class KnownSizes {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ResourceStore store;
    private final Map<String, Remembered<Long>> counts = new ConcurrentHashMap<>();

    KnownSizes(ResourceStore store) {
        this.store = store;
    }

    /** Negative where that cannot be said at the moment. */
    long count(String type) {
        return counts.computeIfAbsent(type, any -> new Remembered<>(() -> counted(type), -1L))
                .get();
    }

    private long counted(String type) {
        try {
            return store.live(type, Deadline.in(PATIENCE));
        } catch (Refusal away) {
            return -1;
        }
    }
}
