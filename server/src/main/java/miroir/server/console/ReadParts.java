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
 * there, and one part of which the database takes seconds to say something must not hold up all others. So he asks, goes on, and is told.
 *
 * <p>A part is read once at a time. After that it rests for four times as long as it took, so that it costs the database a fifth of its time at most, and lists that
 * have become long are read less often. Whoever comes to look, or has done something, does not wait for that; where it is being read just then, what is read may be of before he came, and
 * it is read once more.
 */
final class ReadParts {
    private static final int THREADS = 3;
    private static final int REST = 4;

    /** For so long a part may be read until it is said that it is not known how it is. */
    private static final long LONG = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(ReadParts.class);

    private final Fragments fragments;
    private final Consumer<Outcome> told;
    private final Executor readers;
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
        private boolean isToBeReadAgain;
        private long asked;
        private long notBefore;

        private Part(long now) {
            asked = now;
            notBefore = now;
        }
    }

    /**
     * Nothing is read yet.
     *
     * @param told is run for each that was read
     * @param clock counts nanoseconds
     */
    ReadParts(Fragments fragments, Consumer<Outcome> told, Executor readers, LongSupplier clock) {
        this.fragments = fragments;
        this.told = told;
        this.readers = readers;
        this.clock = clock;
    }

    /** Few of them: each part waits once at most, and while nobody looks there are none. What comes when they are closed is left. */
    static ExecutorService threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                ReadParts::thread,
                new DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "console-reader");
        thread.setDaemon(true);
        return thread;
    }

    /** Reads those that have rested; nobody looks at others any more. */
    synchronized void read(Set<String> names) {
        parts.entrySet().removeIf(each -> !names.contains(each.getKey()) && !each.getValue().isBeingRead);
        for (String name : names) {
            Part part = part(name);
            if (!part.isBeingRead && clock.getAsLong() - part.notBefore >= 0) {
                begin(name, part);
            }
        }
    }

    /** Reads them for who has come: as they are from now on. */
    synchronized void readAnew(Set<String> names) {
        for (String name : names) {
            Part part = part(name);
            if (part.isBeingRead) {
                part.isToBeReadAgain = true;
            } else {
                begin(name, part);
            }
        }
    }

    /** Whether it has been read for so long that nobody knows how it is. */
    synchronized boolean isLate(String name) {
        Part part = parts.get(name);
        return part != null && part.isBeingRead && clock.getAsLong() - part.asked > LONG;
    }

    private Part part(String name) {
        return parts.computeIfAbsent(name, any -> new Part(clock.getAsLong()));
    }

    private void begin(String name, Part part) {
        part.isBeingRead = true;
        part.asked = clock.getAsLong();
        readers.execute(() -> read(name, part));
    }

    private void read(String name, Part part) {
        long begun = clock.getAsLong();
        // Told before the next one begins, which must not be told first.
        told.accept(outcome(name, begun));
        synchronized (this) {
            long over = clock.getAsLong();
            part.isBeingRead = false;
            part.notBefore = over + REST * (over - begun);
            if (part.isToBeReadAgain) {
                part.isToBeReadAgain = false;
                begin(name, part);
            }
        }
    }

    private Outcome outcome(String name, long begun) {
        try {
            return new Outcome(name, fragments.find(name).present(), false, begun);
        } catch (RuntimeException e) {
            LOG.debug("{} cannot be shown now, or is not there any more", name, e);
            return new Outcome(name, null, true, begun);
        }
    }
}
