package miroir.server.metrics;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the database said lately. It is asked every five seconds at most, in a thread of its own, and waited for no longer than a second: a database that does
 * not answer is what metrics are there to tell, and so must not keep them. There is one call at a time, however long it takes.
 */
final class KnownLately<T> {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(KnownLately.class);
    private static final Duration GOOD = Duration.ofSeconds(5);

    /** What is older says nothing of how things are. */
    private static final Duration STALE = Duration.ofMinutes(1);

    private final Supplier<T> ask;
    private final Duration patience;
    private final Executor threads;
    private @Nullable CompletableFuture<Void> asking;
    private long askedAt = System.nanoTime() - GOOD.toNanos();
    private volatile @Nullable Answer<T> last;

    private record Answer<T>(T value, long at) {}

    KnownLately(String what, Supplier<T> ask) {
        this(what, PATIENCE, ask);
    }

    /** One that waits for so long. */
    KnownLately(String what, Duration patience, Supplier<T> ask) {
        this.ask = ask;
        this.patience = patience;
        this.threads = oneThread(what);
    }

    /** One that is there while something is asked. */
    private static Executor oneThread(String what) {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, what);
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    /** The last answer; null where there was none yet. */
    synchronized @Nullable T get() {
        if (System.nanoTime() - askedAt >= GOOD.toNanos()) {
            askedAt = System.nanoTime();
            await(begin());
        }
        Answer<T> known = last;
        return known == null ? null : known.value();
    }

    /** Whether that was lately. */
    boolean isFresh() {
        Answer<T> known = last;
        return known != null && System.nanoTime() - known.at() < STALE.toNanos();
    }

    private CompletableFuture<Void> begin() {
        CompletableFuture<Void> before = asking;
        if (before != null && !before.isDone()) {
            return before;
        }
        CompletableFuture<Void> begun =
                CompletableFuture.runAsync(() -> last = new Answer<>(ask.get(), System.nanoTime()), threads);
        asking = begun;
        return begun;
    }

    private void await(CompletableFuture<Void> begun) {
        try {
            begun.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("metrics tell what was known before", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
