package miroir.index.terminology;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/** Definitions that were read, by their version, so that none is ever out of date; those that were asked for last are kept. */
final class KeptDefinitions {
    /** Bytes of the resources as they are stored; what is kept of them takes several times as much. */
    private static final int HEAVIEST = 16 << 20;

    private final ReentrantLock reading = new ReentrantLock();
    private final Map<ResourceKey, Kept> latest = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    /** Held while one is read. */
    ReentrantLock reading() {
        return reading;
    }

    private record Kept(long version, Definition definition, int weight) {}

    synchronized @Nullable Definition find(ResourceKey key, long version) {
        Kept kept = latest.get(key);
        return kept == null || kept.version() != version ? null : kept.definition();
    }

    /** Something that is too large to be kept beside anything else is not kept. */
    synchronized void keep(ResourceKey key, long version, Definition definition, int bytes) {
        Kept before = latest.remove(key);
        weight -= before == null ? 0 : before.weight();
        if (bytes > HEAVIEST) {
            return;
        }
        latest.put(key, new Kept(version, definition, bytes));
        weight += bytes;
        Iterator<Kept> oldest = latest.values().iterator();
        while (weight > HEAVIEST) {
            weight -= oldest.next().weight();
            oldest.remove();
        }
    }
}
