package miroir.sync.move;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import miroir.storage.MovedVersion;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunEnded.Why;

/**
 * Puts versions in, many at a time and a few batches at once: while the database writes one, the next is read and the search fields of others are made. There are never more than
 * twice as many batches as threads, so memory is what those take.
 */
final class PutBatches implements AutoCloseable {
    private static final int VERSIONS = 500;
    private static final int BYTES = 2 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Consumer<List<MovedVersion>> put;
    private final int atOnce;
    private final ExecutorService threads;
    private final Deque<Future<?>> open = new ArrayDeque<>();
    private List<MovedVersion> batch = new ArrayList<>();
    private int bytes;

    PutBatches(Consumer<List<MovedVersion>> put, int threads) {
        this.put = put;
        this.atOnce = 2 * threads;
        this.threads = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "import");
            thread.setDaemon(true);
            return thread;
        });
    }

    void add(MovedVersion version) {
        batch.add(version);
        bytes += version.bytes();
        if (batch.size() >= VERSIONS || bytes >= BYTES) {
            send();
        }
    }

    private void send() {
        while (open.size() >= atOnce) {
            await(open.remove());
        }
        List<MovedVersion> full = batch;
        open.add(threads.submit(() -> put.accept(full)));
        batch = new ArrayList<>();
        bytes = 0;
    }

    /** Returns once all are in. */
    void end() {
        if (!batch.isEmpty()) {
            send();
        }
        while (!open.isEmpty()) {
            await(open.remove());
        }
    }

    private static void await(Future<?> put) {
        try {
            put.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunEnded(Why.STOPPED, "interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Afterwards none of them does anything any more: what they write, they write by a right that is given back. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new RunEnded(Why.DATABASE_AWAY, "the database did not answer for " + PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
