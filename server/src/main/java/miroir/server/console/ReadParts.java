package miroir.server.console;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads parts of pages for who looks at them, by threads of its own: whoever asks for them, once a second, has to tell all browsers on time that the server is
 * there, and one part of which the database takes seconds to say something must not hold up all others. So he asks, goes on, and is told. A part that took longer than a second is read by other
 * threads the next time: nobody knows that of the first time, so that parts that are new, and slow, hold up others once, and from then on only those that are slow as well.
 *
 * <p>A part is read once at a time. After that it rests for four times as long as it took, so that it costs the database a fifth of its time, and lists that
 * have become long are read less often. Whoever comes to look, or has done something, does not wait for all of that, but where it took long for as long as it took, together with all who come
 * meanwhile: however often somebody comes, it costs half of the time at most. Where it is being read just then, what is read may be of before he came, and it is read once more.
 */
final class ReadParts {
    /** Of parts that are quick, or new. */
    static final int READERS = 3;

    /** Of parts that took long. */
    static final int SLOW_READERS = 2;

    private static final int REST = 4;
    private static final long SLOW = TimeUnit.SECONDS.toNanos(1);

    /** Those that are read more quickly may be read for each who comes, who are taken together five times a second. */
    private static final long QUICK = TimeUnit.MILLISECONDS.toNanos(50);

    /** For so long a part may be read until it is said that it is not known how it is. */
    private static final long LONG = TimeUnit.SECONDS.toNanos(10);

    /** The same of one whose turn does not come. */
    private static final long LONG_IN_LINE = 3 * LONG;

    private static final Logger LOG = LoggerFactory.getLogger(ReadParts.class);

    private final Fragments fragments;
    private final Consumer<Outcome> told;
    private final Executor readers;
    private final Executor slowReaders;
    private final LongSupplier clock;
    private final Map<String, Part> parts = new HashMap<>();

    /**
     * How a part is.
     *
     * @param present null: that is not known yet, or it cannot be read
     * @param begun when it began to be read
     */
    record Outcome(String name, @Nullable Object present, boolean isAway, long begun) {}

    /** What is known of one's reading; touched by who holds the lock of all. */
    private static final class Part {
        private boolean isBeingRead;
        private boolean hasBegun;

        /** Since it is being read, or waits for that. */
        private long since;

        private boolean isAwaited;
        private boolean isSlow;
        private long notBefore;
        private long notForNewcomersBefore;

        private Part(long now) {
            since = now;
            notBefore = now;
            notForNewcomersBefore = now;
        }

        private void isOver(long begun, long now) {
            long took = now - begun;
            isBeingRead = false;
            isSlow = took > SLOW;
            notBefore = now + REST * took;
            notForNewcomersBefore = took > QUICK ? now + took : now;
        }
    }

    /**
     * Nothing is read yet.
     *
     * @param told is run for each that was read
     * @param slowReaders read what took long the last time
     * @param clock counts nanoseconds
     */
    ReadParts(Fragments fragments, Consumer<Outcome> told, Executor readers, Executor slowReaders, LongSupplier clock) {
        this.fragments = fragments;
        this.told = told;
        this.readers = readers;
        this.slowReaders = slowReaders;
        this.clock = clock;
    }

    /** Few of them: each part waits once at most, and while nobody looks there are none. What comes when they are closed is left. */
    static ExecutorService threads(int most, String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                most,
                most,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> thread(work, name),
                new DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Reads those that have rested; nobody looks at others any more, whose rest is remembered while it lasts. */
    synchronized void read(Set<String> names) {
        long now = clock.getAsLong();
        parts.entrySet().removeIf(each -> !names.contains(each.getKey()) && isDone(each.getValue(), now));
        for (String name : names) {
            Part part = part(name);
            if (isDone(part, now)) {
                begin(name, part);
            }
        }
    }

    /** Whether none is read, or rests. */
    synchronized boolean isEmpty() {
        return parts.isEmpty();
    }

    private static boolean isDone(Part part, long now) {
        return !part.isBeingRead && now - part.notBefore >= 0;
    }

    /** Reads them for who has come: as they are from now on. */
    synchronized void readAnew(Set<String> names) {
        for (String name : names) {
            Part part = part(name);
            part.isAwaited = true;
            beginIfAwaited(name, part);
        }
    }

    /** Reads those that somebody who came waits for, and that have rested for that. */
    synchronized void readAwaited() {
        parts.forEach(this::beginIfAwaited);
    }

    private void beginIfAwaited(String name, Part part) {
        if (part.isAwaited && !part.isBeingRead && clock.getAsLong() - part.notForNewcomersBefore >= 0) {
            begin(name, part);
        }
    }

    /** Whether it has been read for so long that nobody knows how it is. */
    synchronized boolean isLate(String name) {
        Part part = parts.get(name);
        return part != null
                && part.isBeingRead
                && clock.getAsLong() - part.since > (part.hasBegun ? LONG : LONG_IN_LINE);
    }

    private Part part(String name) {
        return parts.computeIfAbsent(name, any -> new Part(clock.getAsLong()));
    }

    /** Where no thread can be had, nothing has begun. */
    private void begin(String name, Part part) {
        (part.isSlow ? slowReaders : readers).execute(() -> read(name, part));
        part.isBeingRead = true;
        part.hasBegun = false;
        part.isAwaited = false;
        part.since = clock.getAsLong();
    }

    private void read(String name, Part part) {
        long begun = hasBegun(part);
        try {
            // Told before the next one begins, which must not be told first.
            told.accept(outcome(name, begun));
        } finally {
            over(name, part, begun);
        }
    }

    private synchronized long hasBegun(Part part) {
        part.hasBegun = true;
        part.since = clock.getAsLong();
        return part.since;
    }

    private synchronized void over(String name, Part part, long begun) {
        part.isOver(begun, clock.getAsLong());
        beginIfAwaited(name, part);
    }

    private Outcome outcome(String name, long begun) {
        try {
            return new Outcome(name, fragments.find(name).present(), false, begun);
        } catch (RuntimeException e) {
            LOG.debug("{} cannot be shown now, or is not there any more", name, e);
            return new Outcome(name, null, true, begun);
        } catch (Throwable e) {
            // Also what is no exception is one part's alone, which is read again.
            LOG.warn("{} cannot be shown now", name, e);
            return new Outcome(name, null, true, begun);
        }
    }
}
