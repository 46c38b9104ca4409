package miroir.server.walks;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** What held at an instant, by {@code Type/id}. */
record State(Map<String, Document> resources) {

    @Nullable
    Document find(String reference) {
        return resources.get(reference);
    }

    /** All versions that there ever were; a deletion is an empty document. */
    static final class Versions {
        /** By reference, and by the instant from which they held. */
        private final Map<String, TreeMap<Instant, Document>> versions = new HashMap<>();

        void add(String reference, Instant from, Document resource) {
            versions.computeIfAbsent(reference, any -> new TreeMap<>()).put(from, resource);
        }

        State asAt(Instant instant) {
            Map<String, Document> held = new HashMap<>();
            versions.forEach((reference, ofOne) -> {
                Map.Entry<Instant, Document> last = ofOne.floorEntry(instant);
                if (last != null && !last.getValue().isEmpty()) {
                    held.put(reference, last.getValue());
                }
            });
            return new State(held);
        }
    }
}
