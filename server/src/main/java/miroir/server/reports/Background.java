package miroir.server.reports;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread for work that nobody has to wait for, of which there is one piece at a time. It begins with the first piece and ends with the server. */
final class Background implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);
    private static final long ENDS_WITHIN_SECONDS = 5;

    private final ExecutorService thread;
    private @Nullable Future<?> underWay;

    Background(String name) {
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        });
    }

    /** Begins this unless something is under way, and waits a moment for whichever it is. */
    void run(Runnable work, Duration moment) {
        try {
            begun(work).get(moment.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException notDone) {
            LOG.debug("not done yet", notDone);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("the server stops", stopping);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Future<?> begun(Runnable work) {
        Future<?> before = underWay;
        if (before != null && !before.isDone()) {
            return before;
        }
        Future<?> begun = thread.submit(() -> attempt(work));
        underWay = begun;
        return begun;
    }

    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (!thread.isShutdown()) {
                LOG.warn(
                        "{} ended early, and begins again when somebody asks",
                        Thread.currentThread().getName(),
                        e);
            }
        }
    }

    /** The store is closed after this, so what is under way ends first. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("what is counted in the background did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
