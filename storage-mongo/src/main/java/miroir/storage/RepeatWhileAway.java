package miroir.storage;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import miroir.index.Refusal;

/**
 * Does again what the database could not do for a reason that passes, above all while its members elect another primary. Nobody knows whether what failed was done, so it is for work
 * that may be done twice without harm.
 */
public final class RepeatWhileAway {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

    private final Runnable requireGoing;
    private final Set<Refusal.Reason> passing;

    /**
     * For work of one kind.
     *
     * @param requireGoing asked before each pause; fails where it is to stop
     * @param passing reasons for which the same may be done later
     */
    public RepeatWhileAway(Runnable requireGoing, Set<Refusal.Reason> passing) {
        this.requireGoing = requireGoing;
        this.passing = Set.copyOf(passing);
    }

    /** What an attempt returns; the refusal of the last one, where all were refused since the first one was for two minutes. */
    public <T> T run(Supplier<T> work) {
        long end = 0;
        while (true) {
            try {
                return work.get();
            } catch (Refusal refusal) {
                end = end == 0 ? System.nanoTime() + PATIENCE.toNanos() : end;
                if (!passing.contains(refusal.reason()) || System.nanoTime() - end > 0) {
                    throw refusal;
                }
                pause(refusal);
            }
        }
    }

    /** Who is interrupted is to end, and the database would refuse him ever after. */
    private void pause(Refusal refusal) {
        requireGoing.run();
        LockSupport.parkNanos(PAUSE);
        if (Thread.currentThread().isInterrupted()) {
            throw refusal;
        }
    }
}
