package miroir.server.load;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often somebody asked in the last 24 hours, by quarters of an hour: as many counters for each who asked, which are used again a day later. A counter has the quarter that
 * it is of in its upper half, so that no thread has to set any of them back. Who comes when there are too many is not counted.
 */
public final class Calls {
    private static final long PIECE = Duration.ofMinutes(15).toMillis();
    private static final int PIECES = 96;
    private static final int MOST = 5_000;
    private static final int HALF = 32;
    private static final long COUNT = (1L << HALF) - 1;

    private final Map<String, AtomicLongArray> all = new ConcurrentHashMap<>();
    private volatile long cleared;

    /** Somebody asks. */
    public void add(String who, Instant now) {
        AtomicLongArray counters = all.get(who);
        if (counters == null && hasRoom(now)) {
            counters = all.computeIfAbsent(who, any -> new AtomicLongArray(PIECES));
        }
        if (counters != null) {
            long piece = piece(now);
            counters.updateAndGet(
                    (int) (piece % PIECES), before -> before >>> HALF == piece ? before + 1 : piece << HALF | 1);
        }
    }

    /** Where there are too many, those who have not asked for a day are forgotten, once in a quarter of an hour. */
    private boolean hasRoom(Instant now) {
        if (all.size() >= MOST && piece(now) > cleared) {
            cleared = piece(now);
            all.values().removeIf(counters -> sum(counters, now) == 0);
        }
        return all.size() < MOST;
    }

    private static long piece(Instant now) {
        return now.toEpochMilli() / PIECE;
    }

    /** How often that one did in the last 24 hours, this quarter of an hour and the 95 before it; empty where nobody knows, since there are too many. */
    public OptionalLong of(String who, Instant now) {
        AtomicLongArray counters = all.get(who);
        if (counters == null && all.size() >= MOST) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(counters == null ? 0 : sum(counters, now));
    }

    private static long sum(AtomicLongArray counters, Instant now) {
        long oldest = piece(now) - PIECES + 1;
        long calls = 0;
        for (int i = 0; i < PIECES; i++) {
            long counter = counters.get(i);
            calls += counter >>> HALF >= oldest ? counter & COUNT : 0;
        }
        return calls;
    }
}
