package miroir.server.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Of whom it was noted lately that he looks at what. A page that stays as things are asks again and again by itself; were each of these noted, the audit trail
 * would be full of those who look at it. So it is one note an hour for each of them and each thing. Of as many as are kept: a note too many is better than one too few.
 */
final class NotedLooks {
    private static final int MOST = 1000;
    private static final long GOOD_NANOS = TimeUnit.HOURS.toNanos(1);

    private final LongSupplier clock;

    @SuppressWarnings("serial")
    private final Map<Looked, Long> all = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Looked, Long> eldest) {
            return size() > MOST;
        }
    };

    private record Looked(String who, String what) {}

    /** @param clock counts nanoseconds */
    NotedLooks(LongSupplier clock) {
        this.clock = clock;
    }

    /** Whether it is to be noted; from then on it is. */
    synchronized boolean isNew(String who, String what) {
        long now = clock.getAsLong();
        Looked looked = new Looked(who, what);
        Long before = all.get(looked);
        if (before != null && now - before < GOOD_NANOS) {
            return false;
        }
        all.remove(looked);
        all.put(looked, now);
        return true;
    }
}
