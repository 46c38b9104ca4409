package miroir.index.terminology;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/** Definitions that were read, by their version, so that none is ever out of date; those that were asked for last are kept. */
final class KeptDefinitions {
    /** About 20 MB. */
    private static final int HEAVIEST = 200_000;

    private final ReentrantLock reading = new ReentrantLock();
    private final Map<ResourceKey, Kept> latest = new LinkedHashMap<>(16, 0.75f, true);
    private int weight;

    /** Held while one is read. */
    ReentrantLock reading() {
        return reading;
    }

    private record Kept(long version, Definition definition) {}

    synchronized @Nullable Definition find(ResourceKey key, long version) {
        Kept kept = latest.get(key);
        return kept == null || kept.version() != version ? null : kept.definition();
    }

    synchronized void keep(ResourceKey key, long version, Definition definition) {
        Kept before = latest.put(key, new Kept(version, definition));
        weight +=
                definition.weight() - (before == null ? 0 : before.definition().weight());
        Iterator<Kept> oldest = latest.values().iterator();
        while (weight > HEAVIEST && oldest.hasNext()) {
            weight -= oldest.next().definition().weight();
            oldest.remove();
        }
    }
}
