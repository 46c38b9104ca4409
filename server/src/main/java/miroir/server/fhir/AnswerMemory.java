package miroir.server.fhir;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.ResourceVersion;

/**
 * How much memory the pages of searches and histories may take at once, from when they are read until they are sent.
 *
 * <p>The problem: a page is in memory as BSON and as JSON, up to {@link Page#MOST_BYTES} and more. Nothing keeps clients from
 * asking for fifty large pages at once, or from taking them slowly, and a JVM that runs out of memory answers nobody.
 *
 * <p>The approach: a quarter of the heap is for pages. Before a page is read, what a page of so many resources may well need
 * is taken from it, and whoever finds too little waits, at most until the deadline. Once the page is there its real size is
 * known, and the rest is given back; where it is larger than thought, the account goes below zero and the next ones wait
 * longer. What is held is given back when the answer has been sent.
 *
 * <p>Counting requests instead would either let large pages through or hold up small ones: sizes differ a thousandfold.
 */
final class AnswerMemory {
    /** As BSON, as JSON, and what the buffer of the JSON has grown beyond it. */
    private static final int TIMES_IN_MEMORY = 3;

    private static final long LARGE_RESOURCE = 64 << 10;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition freed = lock.newCondition();
    private final long all;
    private long free;

    AnswerMemory(long bytes) {
        this.all = bytes;
        this.free = bytes;
    }

    static AnswerMemory ofThisHeap() {
        return new AnswerMemory(Runtime.getRuntime().maxMemory() / 4);
    }

    /** Room for a page of at most so many resources. */
    Held forPage(int resources, Deadline deadline) {
        long most = Math.min(Page.MOST_BYTES, resources * LARGE_RESOURCE) * TIMES_IN_MEMORY;
        return new Held(take(Math.min(most, all), deadline));
    }

    private long take(long bytes, Deadline deadline) {
        lock.lock();
        try {
            long left = deadline.remaining().toNanos();
            while (free < bytes) {
                if (left <= 0) {
                    throw new Refusal(
                            Refusal.Reason.NOT_READY,
                            "too many large pages are being answered at this moment: try again, or ask for fewer"
                                    + " resources with _count");
                }
                left = freed.awaitNanos(left);
            }
            free -= bytes;
            return bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Reason.NOT_READY, "the server stops");
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(long bytes) {
        lock.lock();
        try {
            free += bytes;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Room that somebody has; used by one thread. */
    final class Held implements AutoCloseable {
        private long bytes;

        private Held(long bytes) {
            this.bytes = bytes;
        }

        /** The page is there, so what it takes is known. */
        void settle(List<? extends ResourceVersion> page) {
            settle(page.stream()
                    .mapToLong(version -> version instanceof ResourceVersion.Live live
                            ? live.fhir().getByteBuffer().remaining()
                            : 0)
                    .sum());
        }

        /** The same, told by its stored bytes. */
        void settle(long stored) {
            long needed = stored * TIMES_IN_MEMORY;
            giveBack(bytes - needed);
            bytes = needed;
        }

        @Override
        public void close() {
            giveBack(bytes);
            bytes = 0;
        }
    }
}
