package miroir.server.audit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.KeptAudit;
import miroir.index.store.KeptAudit.Note;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings notes into the database.
 *
 * <p>The problem: each write waits until a majority of the database has its note, which takes milliseconds whatever its size. A thousand requests at once
 * that insert one each need a thousand answers of the database, and connections.
 *
 * <p>The approach: one thread takes all that waits and inserts it together. What comes meanwhile is the next batch. So a note waits for two answers at
 * most, and the more come the larger the batches are; nothing waits for company.
 *
 * <p>Who waits for his note is told when it cannot be kept, and does nothing then. What nobody waits for, such as outcomes, is tried again for some minutes. What waits
 * is bounded by its weight: beyond half of it nothing is taken that can be missed, and beyond all of it nothing.
 */
final class AppendNotes implements AutoCloseable {
    /** Some hundred bytes each: a note weighs one, and one more for each entry of a bundle. */
    private static final int MOST_WAITING = 50_000;

    private static final int MOST_AT_ONCE = 5_000;

    /** When so many cannot be kept alone, it is not their fault. */
    private static final int MOST_ALONE = 20;

    private static final long PAUSE_MILLIS = 500;
    private static final long TICK_MILLIS = 1_000;
    private static final long LAST_MILLIS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(AppendNotes.class);

    private final KeptAudit kept;
    private final NoteCounts counts;
    private final Supplier<List<Note>> counted;
    private final Duration patience;
    private final Thread thread = new Thread(this::run, "append-notes");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private long ticked = System.nanoTime();

    /** These three are guarded by the lock. */
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private int weight;
    private boolean closed;

    private static final class Waiting {
        private final Note note;
        private final int weight;
        private final @Nullable CompletableFuture<Void> whenKept;
        private final long since = System.nanoTime();

        Waiting(Note note, int weight, @Nullable CompletableFuture<Void> whenKept) {
            this.note = note;
            this.weight = weight;
            this.whenKept = whenKept;
        }
    }

    private AppendNotes(KeptAudit kept, NoteCounts counts, Supplier<List<Note>> counted, Duration patience) {
        this.patience = patience;
        this.kept = kept;
        this.counts = counts;
        this.counted = counted;
        thread.setDaemon(true);
    }

    /**
     * Begins.
     *
     * @param counted what is to be noted beside, asked for about once a second
     * @param patience how long what nobody waits for is tried again
     */
    static AppendNotes begin(KeptAudit kept, NoteCounts counts, Supplier<List<Note>> counted, Duration patience) {
        AppendNotes append = new AppendNotes(kept, counts, counted, patience);
        append.thread.start();
        return append;
    }

    /** Complete once it is kept; fails where it cannot be. */
    CompletableFuture<Void> append(Note note, int weighing) {
        CompletableFuture<Void> whenKept = new CompletableFuture<>();
        if (!offer(new Waiting(note, weighing, whenKept), MOST_WAITING)) {
            counts.failed(1);
            whenKept.completeExceptionally(
                    notNow("too much waits to be noted at the moment, so nothing was done: try again"));
        }
        return whenKept;
    }

    /**
     * Keeps it when it can.
     *
     * @param canBeMissed whether others go before it
     */
    void appendLater(Note note, int weighing, boolean canBeMissed) {
        if (!offer(new Waiting(note, weighing, null), canBeMissed ? MOST_WAITING / 2 : MOST_WAITING)) {
            counts.dropped(1);
        }
    }

    static Refusal notNow(String why) {
        return new Refusal(Refusal.Reason.NOT_READY, why);
    }

    private boolean offer(Waiting one, int most) {
        lock.lock();
        try {
            if (closed || weight + one.weight > most) {
                return false;
            }
            waiting.addLast(one);
            weight += one.weight;
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** How many wait. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = step();
            } catch (Throwable failure) {
                // Without this thread nothing could be changed any more.
                LOG.error("notes were not kept", failure);
            }
        }
    }

    /** Keeps what waits; false where nothing will come any more. */
    private boolean step() {
        if (System.nanoTime() - ticked >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
            ticked = System.nanoTime();
            counted.get().forEach(note -> appendLater(note, 1, true));
        }
        List<Waiting> batch = take();
        if (!batch.isEmpty()) {
            append(batch);
        }
        return !batch.isEmpty() || !isClosed();
    }

    private void append(List<Waiting> batch) {
        List<Waiting> failed = new ArrayList<>();
        append(batch, failed);
        if (!failed.isEmpty()) {
            failed(failed);
        }
    }

    /** Where it is not the database that is away, it may be one of them that cannot be kept, and is no reason to refuse the others. */
    private void append(List<Waiting> batch, List<Waiting> failed) {
        if (failed.size() >= MOST_ALONE) {
            failed.addAll(batch);
            return;
        }
        try {
            kept.append(batch.stream().map(one -> one.note).toList());
            counts.written(batch.size());
            batch.forEach(AppendNotes::complete);
        } catch (Throwable failure) {
            LOG.warn("{} notes could not be kept: {}", batch.size(), failure.toString());
            boolean away = failure instanceof Refusal refusal && refusal.reason() == Refusal.Reason.NOT_READY;
            if (batch.size() > 1 && !away) {
                int half = batch.size() / 2;
                append(batch.subList(0, half), failed);
                append(batch.subList(half, batch.size()), failed);
            } else {
                failed.addAll(batch);
            }
        }
    }

    private static void complete(Waiting one) {
        if (one.whenKept != null) {
            one.whenKept.complete(null);
        }
    }

    /** What nobody waits for is the first of the next batch, for some minutes. */
    private void failed(List<Waiting> batch) {
        List<Waiting> again = new ArrayList<>();
        for (Waiting one : batch) {
            if (one.whenKept != null) {
                counts.failed(1);
                one.whenKept.completeExceptionally(
                        notNow("what you ask for cannot be noted at the moment, so nothing was done: try again"));
            } else if (!isClosed() && System.nanoTime() - one.since < patience.toNanos()) {
                again.add(0, one);
            } else {
                counts.dropped(1);
            }
        }
        lock.lock();
        try {
            for (Waiting one : again) {
                waiting.addFirst(one);
                weight += one.weight;
            }
            awaitWhile(() -> true, PAUSE_MILLIS);
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> take() {
        List<Waiting> batch = new ArrayList<>();
        lock.lock();
        try {
            awaitWhile(waiting::isEmpty, TICK_MILLIS);
            int taken = 0;
            while (!waiting.isEmpty() && taken < MOST_AT_ONCE) {
                Waiting one = waiting.removeFirst();
                taken += one.weight;
                batch.add(one);
            }
            weight -= taken;
        } finally {
            lock.unlock();
        }
        return batch;
    }

    /** So long at most, and not when all is to end. Nobody interrupts this thread. */
    private void awaitWhile(BooleanSupplier lasting, long millis) {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (lasting.getAsBoolean() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; what waits is kept, if the database is there. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(LAST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
