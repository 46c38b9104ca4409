package miroir.server.pipeline;

import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceVersion;
import miroir.server.format.AnswerFormat;

/**
 * How much memory large pages and large bodies may take at once, from when they are read until they are sent or stored.
 *
 * <p>The problem: a page is in memory as the database's reply, as BSON and as JSON, a body as JSON, as BSON and as what is
 * written. Nothing keeps clients from asking for fifty large pages at once, or from taking them slowly, and a JVM that runs
 * out of memory answers nobody.
 *
 * <p>The approach: half of the heap is lent. Before a page is read, what so many of the largest resource that was seen of the
 * type would need is taken from it, or what the largest page needs where none was seen; whoever finds too little waits, at
 * most until the deadline. Once the page is there its real size is known, and the rest is given back; where it is larger than
 * thought, the account goes below zero and the next ones wait longer. When the answer has been written into its buffer only
 * the buffer counts, until it has been sent. Bodies that are small go without; of a larger one the size is known, or the
 * largest allowed one is taken, before the rest of it is read. Nobody waits while holding more than a small body, so those
 * who hold never wait for each other.
 *
 * <p>The factors are measured (docs/adr/0014): arrays of a megabyte fill whole regions of the heap, twice their size at worst,
 * and buffers grow by doubling. That is also why not more than half is lent.
 *
 * <p>Counting requests instead would either let large ones through or hold up small ones: sizes differ a thousandfold.
 */
public final class WorkingMemory {
    /** What the database sends at once, however many resources were asked for. */
    private static final long LARGEST_BATCH = 16 << 20;

    private static final long SMALL_RESOURCE = 4 << 10;

    /** The reply, and the resources in it, each in an array of its own. */
    private static final int TIMES_WHILE_READ = 3;

    /** The resources, and what is written of them. */
    private static final int TIMES_UNTIL_WRITTEN = 4;

    /** The same for XML and for what is indented, which can be several times as long as what is stored. */
    private static final int TIMES_UNTIL_WRITTEN_AT_LENGTH = 8;

    /** The body, its BSON, that with search fields, the version before it, and the answer. */
    private static final int TIMES_OF_A_BODY = 10;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition freed = lock.newCondition();
    private final long all;
    private final Map<String, Long> largest = new ConcurrentHashMap<>();
    private long free;

    WorkingMemory(long bytes) {
        this.all = bytes;
        this.free = bytes;
    }

    /** Of the heap of this process. */
    public static WorkingMemory ofThisHeap() {
        return new WorkingMemory(Runtime.getRuntime().maxMemory() / 2);
    }

    /**
     * Room for a page.
     *
     * @param of what is on it; pages of the same are of about the same size
     * @param resources at most so many are read for it
     * @param batches from how many places in the database they are read
     */
    public Held forPage(String of, int resources, int batches, Deadline deadline) {
        long batch = Math.min(LARGEST_BATCH, resources * largest.getOrDefault(of, LARGEST_BATCH));
        return new Held(of, take(Math.min(batch * batches * TIMES_WHILE_READ, all), deadline));
    }

    /** Room for a body of at most so many bytes and what comes of it. */
    Held forBody(long bytes, Deadline deadline) {
        return new Held("", take(Math.min(bytes * TIMES_OF_A_BODY, all), deadline));
    }

    private long take(long bytes, Deadline deadline) {
        lock.lock();
        try {
            long left = deadline.remaining().toNanos();
            while (free < bytes) {
                if (left <= 0) {
                    throw new Refusal(
                            Refusal.Reason.NOT_READY,
                            "too many large pages and bodies are being worked on at this moment: try again, or ask for"
                                    + " fewer resources with _count");
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
    public final class Held implements AutoCloseable {
        private final String of;
        private long bytes;

        private Held(String of, long bytes) {
            this.of = of;
            this.bytes = bytes;
        }

        /** The page is there, so what it takes is known. */
        public void read(List<? extends ResourceVersion> page, AnswerFormat format) {
            read(format, page.stream().mapToLong(WorkingMemory::size).toArray());
        }

        /** The same, told by the stored bytes of each. */
        void read(AnswerFormat format, long... sizes) {
            LongSummaryStatistics stored = LongStream.of(sizes).summaryStatistics();
            if (stored.getCount() > 0) {
                largest.merge(of, Math.max(stored.getMax(), SMALL_RESOURCE), Math::max);
            }
            boolean atLength = !format.equals(AnswerFormat.PLAIN_JSON);
            hold(stored.getSum() * (atLength ? TIMES_UNTIL_WRITTEN_AT_LENGTH : TIMES_UNTIL_WRITTEN));
        }

        /** Only a buffer of this size is left of it. */
        public void written(long buffer) {
            hold(buffer);
        }

        private void hold(long needed) {
            giveBack(bytes - needed);
            bytes = needed;
        }

        @Override
        public void close() {
            hold(0);
        }
    }

    private static long size(ResourceVersion version) {
        return version instanceof ResourceVersion.Live live
                ? live.fhir().getByteBuffer().remaining()
                : 0;
    }
}
