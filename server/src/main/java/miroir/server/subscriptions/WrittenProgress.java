package miroir.server.subscriptions;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was written down last of how far a subscription is, and when it is worth it again.
 *
 * <p>Not for several threads.
 */
final class WrittenProgress {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** null: nobody knows what stands there. */
    private @Nullable Progress written;

    private long writtenAt = System.nanoTime() - EVERY_NANOS;

    WrittenProgress(Progress written) {
        this.written = written;
    }

    /** Whether just that is written down already, but for when. */
    boolean has(Progress now) {
        return written != null && now.saysTheSameAs(written);
    }

    /** In how many milliseconds something may be written down again; 0: now. */
    long early() {
        long since = System.nanoTime() - writtenAt;
        return since >= EVERY_NANOS ? 0 : TimeUnit.NANOSECONDS.toMillis(EVERY_NANOS - since) + 1;
    }

    /** It is being written down. */
    void set(Progress now) {
        written = now;
        writtenAt = System.nanoTime();
    }

    /** It could not be. */
    void forget() {
        written = null;
    }
}
