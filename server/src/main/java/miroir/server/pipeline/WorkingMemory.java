package miroir.server.pipeline;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.format.AnswerFormat;

/**
 * How much memory large pages, large bodies and the resources that they replace may take at once, from when they are read
 * until they are sent or stored.
 *
 * <p>The problem: a page is in memory as the database's reply, as BSON and as JSON, a body as JSON, as BSON and as what is
 * written, and what a write replaces goes into history as it was. Nothing keeps clients from asking for fifty large pages at
 * once, or from taking them slowly, and a JVM that runs out of memory answers nobody.
 *
 * <p>The approach: half of the heap is lent, without what the server itself needs. Before a page is read, what so many of the largest resource that is expected of
 * the type would need is taken from it; whoever finds too little waits, at most until the deadline. Once the page is there
 * its real size is known, and the rest is given back; where it is larger than thought, the account goes below zero and the
 * next ones wait longer. When the answer has been written into its buffer only the buffer counts, until it has been sent.
 * Of a body the size is known, or the largest allowed one is taken, once it turns out not to be small and before the rest of
 * it is read; a small one is accounted for when it is there. With it goes room for what it replaces, as for a page of a few:
 * a stored document is longer than its resource, by its search fields. Nobody waits for memory while holding more than a small
 * body, and nobody who holds memory waits for a turn with the database: searches have theirs before they come here. So those who
 * hold never wait for each other.
 *
 * <p>What is expected: of a type of which nothing is known, as much as the database sends at once; once something was looked for
 * and not found, a small resource. Then what was seen, in answers and by writes: what is larger than expected counts at once,
 * and a large resource is forgotten little by little with each answer that has only smaller ones, or one of them would make
 * all later pages of its type dear.
 *
 * <p>What is expected is held for as long as a search takes, and a body's room for as long as the client takes. So whoever
 * comes has to leave room for what is smaller: of all that is lent and not read yet, four times as much as they want,
 * or a quarter. Some slow searches for large pages keep no small ones waiting, and those no reads. Who wants much
 * waits in line, by age; otherwise the largest would wait until its deadline while smaller ones go by. Who wants little does
 * go by: held up by the largest, everybody would wait for what one client asked for.
 *
 * <p>Forms of searches may come from anybody, and slowly. All of them together have an eighth, and what one needs is given
 * back once it has been read.
 *
 * <p>The factors are measured (docs/adr/0014): arrays of a megabyte fill whole regions of the heap, twice their size at worst,
 * and buffers grow by doubling; the driver keeps the buffers of its replies, each a power of two long, for a minute. That is also why not
 * more than half is lent.
 *
 * <p>Counting requests instead would either let large ones through or hold up small ones: sizes differ a thousandfold.
 */
public final class WorkingMemory {
    /** What the database sends at once, however many resources were asked for. */
    private static final long LARGEST_BATCH = 16 << 20;

    private static final long SMALL_RESOURCE = 4 << 10;

    /** What the server itself needs, whatever it is asked: all that is loaded, with some room. */
    private static final long OWN = 32 << 20;

    /** What bodies are of that replace nothing; no type is called so. */
    private static final String BODIES = "bodies";

    /** The reply, and the resources in it, each in an array of its own. */
    private static final int TIMES_WHILE_READ = 3;

    /** The resources, and what is written of them. */
    private static final int TIMES_UNTIL_WRITTEN = 4;

    /** The same for XML and for what is indented, which can be several times as long as what is stored. */
    private static final int TIMES_UNTIL_WRITTEN_AT_LENGTH = 8;

    /** The body, its BSON, that with search fields, and the answer. */
    private static final int TIMES_OF_A_BODY = 10;

    /** The form in pieces and whole, as text, and its parameters. */
    private static final int TIMES_OF_A_FORM = 4;

    /** How long a stored document is with its search fields, and what it is copied to on its way into history. */
    private static final int RESOURCES_REPLACED = 4;

    /** How much of the difference an answer with smaller resources takes off what is expected. */
    private static final int FORGETS = 16;

    /** Who wants no more than this part of all does not wait in line. */
    private static final int SMALL_PART = 16;

    /** What those who want much hold while they wait, in the order in which they came. */
    private final ReentrantLock line = new ReentrantLock(true);

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition freed = lock.newCondition();
    private final Map<String, Long> expected = new ConcurrentHashMap<>();

    private final Share unread;
    private final Share forms;

    /** Guarded by the lock. */
    private long free;

    /** What there is, without what was taken for good; written under the lock. */
    private volatile long all;

    /** A part of all, and what is held of it; guarded by the lock. */
    private static final class Share {
        private long part;
        private long held;

        Share(long part) {
            this.part = part;
        }

        /** Whether one more who wants so much would leave too little to those who want less. */
        boolean isFullFor(long bytes) {
            return held > 0 && held + bytes > part - Math.min(part / 4, 4 * bytes);
        }
    }

    WorkingMemory(long bytes) {
        this.all = bytes;
        this.free = bytes;
        this.unread = new Share(bytes);
        this.forms = new Share(bytes / 8);
    }

    /** Shows it to whoever watches the server. */
    public void show(MeterRegistry meters) {
        Gauge.builder("miroir.memory.lendable", this, memory -> memory.all)
                .description("memory that is lent to large pages and bodies, free or not")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("miroir.memory.free", this, WorkingMemory::left)
                .description("what is left of it; below zero where pages turned out to be larger than expected")
                .baseUnit("bytes")
                .register(meters);
    }

    private long left() {
        lock.lock();
        try {
            return free;
        } finally {
            lock.unlock();
        }
    }

    /** Of the heap of this process. */
    public static WorkingMemory ofThisHeap() {
        return new WorkingMemory((Runtime.getRuntime().maxMemory() - OWN) / 2);
    }

    /**
     * Room for a page.
     *
     * @param of what is on it; pages of the same are of about the same size
     * @param batches how many resources each place in the database that they are read from gives at once, at most
     */
    public Held forPage(String of, IntStream batches, Deadline deadline) {
        return take(unread, of, whileRead(of, batches), deadline);
    }

    /** Whether half of it is free: only then it may be taken for what nobody waits for yet. */
    public boolean isHalfFree() {
        return left() >= all / 2;
    }

    /** Room for a body of at most so many bytes and what comes of it. */
    public Held forBody(long bytes, Deadline deadline) {
        return take(unread, BODIES, bytes * TIMES_OF_A_BODY, deadline);
    }

    /** Room for a form of at most so many bytes, until it has been read. */
    Held forForm(long bytes, Deadline deadline) {
        return take(forms, BODIES, bytes * TIMES_OF_A_FORM, deadline);
    }

    /** Room for the same and for the resource of this type that it replaces. */
    public Held forUpdate(String type, long bytes, Deadline deadline) {
        return take(
                unread, type, bytes * TIMES_OF_A_BODY + whileRead(type, IntStream.of(RESOURCES_REPLACED)), deadline);
    }

    /**
     * Room for what an entry of a bundle reads: nothing until it is known how much it was, since who holds memory must not wait for
     * more. Then it counts, below zero if it has to.
     */
    public Held forEntry(String of) {
        return new Held(unread, of, 0);
    }

    /** Whether so much may be taken for good: half of what is lent is left to requests. */
    public boolean canSpare(long bytes) {
        return bytes <= all / 2;
    }

    /** The least heap of which so much may be taken for good. */
    public static long heapThatSpares(long bytes) {
        return 4 * bytes + OWN;
    }

    /** Room for what is to be kept as long as the process lives; once that is there, {@link Held#keep} says so. */
    public Held forGood(long bytes, Deadline deadline) {
        return take(unread, BODIES, bytes, deadline);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void without(long bytes, Share share, long ofShare) {
        lock.lock();
        try {
            all -= bytes;
            unread.part -= bytes;
            share.held -= ofShare;
            // Who waits for all of it waits for less now.
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What was written, and what was replaced, is what others of the type may be expected to be. */
    public void saw(String type, Written written) {
        long largest = Math.max(size(written.current()), written.replaced());
        if (largest > 0) {
            expect(type, largest);
        }
    }

    /** Something was looked for and is not there: not everything of this type is large. */
    public void foundNothing(String of) {
        expected.putIfAbsent(of, SMALL_RESOURCE);
    }

    private long whileRead(String of, IntStream batches) {
        long each = expected.getOrDefault(of, LARGEST_BATCH);
        return batches.mapToLong(resources -> Math.min(LARGEST_BATCH, resources * each))
                        .sum()
                * TIMES_WHILE_READ;
    }

    private void expect(String of, long seen) {
        long atLeast = Math.max(seen, SMALL_RESOURCE);
        expected.merge(of, atLeast, (before, now) -> Math.max(now, before - (before - now + FORGETS - 1) / FORGETS));
    }

    private Held take(Share share, String of, long wanted, Deadline deadline) {
        boolean inLine = wanted > all / SMALL_PART;
        try {
            if (inLine && !line.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw tooMuchAtOnce();
            }
            try {
                return onceThereIs(share, of, wanted, deadline);
            } finally {
                if (inLine) {
                    line.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Reason.NOT_READY, "the server stops");
        }
    }

    private Held onceThereIs(Share share, String of, long wanted, Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            long left = deadline.remaining().toNanos();
            while (free < atMost(wanted) || share.isFullFor(atMost(wanted))) {
                if (left <= 0) {
                    throw tooMuchAtOnce();
                }
                left = freed.awaitNanos(left);
            }
            long bytes = atMost(wanted);
            free -= bytes;
            share.held += bytes;
            return new Held(share, of, bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Who wants more than there is has to get on with that; and without what forms may hold for as long as their senders like. */
    private long atMost(long wanted) {
        return Math.min(wanted, all - forms.part);
    }

    private static Refusal tooMuchAtOnce() {
        return new Refusal(
                Refusal.Reason.NOT_READY,
                "too many large pages and bodies are being worked on at this moment: try again, or ask for"
                        + " fewer resources with _count");
    }

    private void giveBack(long bytes, Share share, long ofShare) {
        lock.lock();
        try {
            free += bytes;
            share.held -= ofShare;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Room that somebody has; used by one thread. */
    public final class Held implements AutoCloseable {
        private final Share share;
        private final String of;
        private long bytes;
        private long ofShare;

        private Held(Share share, String of, long bytes) {
            this.share = share;
            this.of = of;
            this.bytes = bytes;
            this.ofShare = bytes;
        }

        /** The page is there, so what it takes is known. */
        public void read(List<? extends ResourceVersion> page, AnswerFormat format) {
            read(format, page.stream().mapToLong(WorkingMemory::size).toArray());
        }

        /** The same, told by the stored bytes of each. */
        public void read(AnswerFormat format, long... sizes) {
            LongSummaryStatistics stored = LongStream.of(sizes).summaryStatistics();
            if (stored.getSum() > 0) {
                expect(of, stored.getMax());
            } else {
                foundNothing(of);
            }
            boolean atLength = !format.equals(AnswerFormat.PLAIN_JSON);
            hold(stored.getSum() * (atLength ? TIMES_UNTIL_WRITTEN_AT_LENGTH : TIMES_UNTIL_WRITTEN));
        }

        /** It is never given back: there is so much less for all that come. */
        public void keep() {
            without(bytes, share, ofShare);
            bytes = 0;
            ofShare = 0;
        }

        /** Only a buffer of this size is left of it. */
        public void written(long buffer) {
            hold(buffer);
        }

        private void hold(long needed) {
            giveBack(bytes - needed, share, ofShare);
            bytes = needed;
            ofShare = 0;
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
