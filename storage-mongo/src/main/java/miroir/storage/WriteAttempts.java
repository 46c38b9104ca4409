package miroir.storage;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/** Repeats a write until nobody was faster, or until its time is over. */
final class WriteAttempts {
    private static final long LONGEST_PAUSE = Duration.ofMillis(20).toNanos();

    private WriteAttempts() {}

    /** One attempt; null where somebody else was faster. */
    interface Attempt<T> {
        @Nullable
        T run();
    }

    /** The first answer that an attempt gives. */
    static <T> T until(Duration timeout, ResourceKey key, Attempt<T> attempt) {
        long end = System.nanoTime() + timeout.toNanos();
        for (int lost = 0; ; lost++) {
            T answer = attempt.run();
            if (answer != null) {
                return answer;
            }
            if (System.nanoTime() > end) {
                throw new Refusal(
                        Refusal.Reason.CONFLICT,
                        key + " is being written by others all the time: " + (lost + 1) + " attempts in "
                                + timeout.toSeconds() + " seconds");
            }
            // A random pause that grows keeps many writers of one resource from losing to each other in step.
            LockSupport.parkNanos(
                    ThreadLocalRandom.current().nextLong(Math.min(LONGEST_PAUSE, 200_000L << Math.min(lost, 7))));
        }
    }
}
