package miroir.server.console;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.index.store.StoredSize;
import org.jspecify.annotations.Nullable;

/** How much there is of each type. The database is asked for all of them at once, and not again for some seconds. */
final class MeasuredTypes {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final ResourceStore store;
    private final Set<String> types;
    private final Remembered<Map<String, Measured>> known;

    /**
     * What is known of a type.
     *
     * @param count of resources, deletions left out; null: that cannot be said at the moment
     * @param size null: the same
     */
    record Measured(@Nullable Long count, @Nullable StoredSize size) {
        private static final Measured NOT = new Measured(null, null);

        /** Both together; what is not known of one of them is not known of both. */
        Measured and(Measured other) {
            return new Measured(
                    count == null || other.count == null ? null : Long.valueOf(count + other.count),
                    size == null || other.size == null ? null : size.and(other.size));
        }

        /** How many, for people; nothing where that is not known. */
        String count(View view) {
            return count == null ? "" : view.number(count);
        }

        /** How large, in a unit that people read. */
        private static String bytes(View view, long bytes) {
            if (bytes < 1 << 20) {
                return view.say("res.kilobytes", view.number((bytes + 1023) >> 10));
            }
            return view.say("res.megabytes", view.number((bytes + (1 << 19)) >> 20));
        }

        String current(View view) {
            return size == null ? "" : bytes(view, size.current());
        }

        String history(View view) {
            return size == null ? "" : bytes(view, size.history());
        }

        String indexes(View view) {
            return size == null ? "" : bytes(view, size.indexes());
        }

        /** Whether it is known that there is nothing. */
        boolean isEmpty() {
            return count != null && count == 0;
        }
    }

    MeasuredTypes(ResourceStore store, Set<String> types) {
        this.store = store;
        this.types = types;
        this.known = new Remembered<>(this::measured, Map.of());
    }

    Measured of(String type) {
        return known.get().getOrDefault(type, Measured.NOT);
    }

    /** What could not be said in time is left out. */
    private Map<String, Measured> measured() {
        Deadline deadline = Deadline.in(PATIENCE);
        Map<String, Measured> measured = new TreeMap<>();
        for (String type : types) {
            if (deadline.remaining().toNanos() > 0) {
                measured.put(type, new Measured(count(type, deadline), size(type, deadline)));
            }
        }
        return measured;
    }

    private @Nullable Long count(String type, Deadline deadline) {
        try {
            return store.live(type, deadline);
        } catch (Refusal away) {
            return null;
        }
    }

    private @Nullable StoredSize size(String type, Deadline deadline) {
        try {
            return store.size(type, deadline);
        } catch (Refusal away) {
            return null;
        }
    }
}
