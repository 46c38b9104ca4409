package miroir.sync.upstream;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How failures slow us down.
 *
 * @param least the first pause after a failure; it doubles with every further one
 * @param most the longest pause
 * @param failures so many in a row, and nobody asks for a while
 * @param tries so often a link to a next page is tried before it counts as dead
 */
public record Pace(Duration least, Duration most, int failures, int tries) {

    /** For servers that people use. */
    public static Pace usual() {
        return new Pace(Duration.ofMillis(500), Duration.ofMinutes(1), 5, 5);
    }

    /** A random pause, so that those who failed together do not come back together. */
    Duration after(int failed) {
        long longest = Math.min(most.toNanos(), least.toNanos() << Math.min(Math.max(failed - 1, 0), 20));
        return Duration.ofNanos(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }
}
