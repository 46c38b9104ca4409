package miroir.storage;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/** What became of several puts until now. */
final class PutsSoFar {
    private final Map<ResourceKey, PutOutcome> outcomes = new HashMap<>();
    private final Set<ResourceKey> lost = new HashSet<>();
    private final Set<ResourceKey> kept = new HashSet<>();
    private boolean isStopped;

    void done(ResourceKey key, PutOutcome outcome) {
        outcomes.put(key, outcome);
    }

    /**
     * It was sent, and lost to another writer or came too late.
     *
     * @param wasKept whether what it was to replace was put into history before
     */
    void lost(ResourceKey key, boolean wasKept) {
        lost.add(key);
        if (wasKept) {
            kept.add(key);
        }
    }

    /** Nothing more is sent together: the database may be away, and each command would wait for it again. */
    void stop() {
        isStopped = true;
    }

    boolean isStopped() {
        return isStopped;
    }

    /** Null where it is left. */
    @Nullable
    PutOutcome outcome(ResourceKey key) {
        return outcomes.get(key);
    }

    /**
     * Whether it must be ended whatever time it is: where it lost to an erasure, history has a copy that is to be removed
     * ({@link PutResource}).
     */
    boolean mustBeEnded(ResourceKey key) {
        return kept.contains(key);
    }

    /** Those that were sent, and are left. */
    List<Put> lost(List<Put> puts) {
        return puts.stream()
                .filter(put -> lost.contains(put.key()) && outcome(put.key()) == null)
                .toList();
    }
}
