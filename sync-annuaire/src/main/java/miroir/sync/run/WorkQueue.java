package miroir.sync.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Work that several threads do, and that may bring forth more of it. It is done when nothing is left and nobody is at work;
 * the first failure ends it for all.
 */
final class WorkQueue<T> {
    private final Deque<T> left;
    private int working;
    private @Nullable RuntimeException failure;

    WorkQueue(Collection<T> work) {
        this.left = new ArrayDeque<>(work);
    }

    synchronized void add(Collection<T> more) {
        more.forEach(left::addFirst);
        notifyAll();
    }

    synchronized boolean hasFailed() {
        return failure != null;
    }

    /** Does all of it with so many threads, and returns when it is done; throws what the first failure was. */
    void run(int threads, String name, Consumer<T> step) {
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> work(step), name + "-" + i);
            thread.setDaemon(true);
            thread.start();
            started.add(thread);
        }
        boolean interrupted = false;
        for (Thread thread : started) {
            interrupted |= !joined(thread);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** An interruption is passed on once the threads, which are told, have ended. */
    private boolean joined(Thread thread) {
        boolean without = true;
        while (true) {
            try {
                thread.join();
                return without;
            } catch (InterruptedException e) {
                without = false;
                fail(new RunEnded(RunEnded.Why.STOPPED, "interrupted"));
            }
        }
    }

    private void work(Consumer<T> step) {
        for (T work = take(); work != null; work = take()) {
            try {
                step.accept(work);
            } catch (RuntimeException e) {
                fail(e);
            } catch (Error e) {
                // What a thread dies of is no reason to take its work for done.
                fail(RunEnded.of(e));
            } finally {
                done();
            }
        }
    }

    private synchronized @Nullable T take() {
        while (failure == null && left.isEmpty() && working > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                return null;
            }
        }
        if (failure != null || left.isEmpty()) {
            return null;
        }
        working++;
        return left.removeFirst();
    }

    private synchronized void done() {
        working--;
        notifyAll();
    }

    private synchronized void fail(RuntimeException e) {
        if (failure == null) {
            failure = e;
        }
        notifyAll();
    }
}
