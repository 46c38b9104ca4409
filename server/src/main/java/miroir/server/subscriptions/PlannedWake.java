package miroir.server.subscriptions;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The next moment at which somebody is to be woken. Of several that were wanted the earliest counts: who is woken finds out the next one. All by a clock that goes on
 * steadily, whatever is done to that of the machine.
 */
final class PlannedWake {
    private static final Logger LOG = LoggerFactory.getLogger(PlannedWake.class);
    private static final long NEVER = Long.MAX_VALUE;
    private static final long BEGINNING = System.nanoTime();

    private final ScheduledExecutorService clock;
    private final Runnable wake;

    /** {@link #NEVER}: it is not planned. */
    private long plannedAt = NEVER;

    PlannedWake(ScheduledExecutorService clock, Runnable wake) {
        this.clock = clock;
        this.wake = wake;
    }

    /** Milliseconds since this process began to count them. */
    static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - BEGINNING);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is over once it is due
    synchronized void in(long millis) {
        long at = now() + millis;
        if (plannedAt <= at) {
            return;
        }
        plannedAt = at;
        try {
            clock.schedule(() -> come(at), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the server stops", e);
        }
    }

    private void come(long at) {
        synchronized (this) {
            if (plannedAt == at) {
                plannedAt = NEVER;
            }
        }
        wake.run();
    }
}
