package miroir.server.console;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;

/** How many resources there are of types: all are counted together, within few seconds, and not again for some. */
final class KnownSizes {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final ResourceStore store;
    private final Remembered<Map<String, Long>> known = new Remembered<>(this::counted, Map.of());
    private volatile Set<String> types = Set.of();

    KnownSizes(ResourceStore store) {
        this.store = store;
    }

    /** Of each of them; negative where that cannot be said at the moment. */
    Map<String, Long> counts(Set<String> asked) {
        types = Set.copyOf(asked);
        Map<String, Long> all = known.get();
        Map<String, Long> counts = new TreeMap<>();
        asked.forEach(type -> counts.put(type, all.getOrDefault(type, -1L)));
        return counts;
    }

    private Map<String, Long> counted() {
        Deadline deadline = Deadline.in(PATIENCE);
        Map<String, Long> counts = new TreeMap<>();
        for (String type : types) {
            if (deadline.remaining().toNanos() > 0) {
                counts.put(type, counted(type, deadline));
            }
        }
        return counts;
    }

    private long counted(String type, Deadline deadline) {
        try {
            return store.live(type, deadline);
        } catch (Refusal away) {
            return -1;
        }
    }
}
