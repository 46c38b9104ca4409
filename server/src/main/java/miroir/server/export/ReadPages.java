package miroir.server.export;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.HeldPage;
import miroir.index.store.ResourceVersion;
import miroir.server.format.AnswerFormat;
import miroir.server.pipeline.Asker;
import miroir.server.pipeline.FairTurns;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database for what is in a file, question after question, while whoever fetches it takes what there is.
 *
 * <p>The problem: a download takes minutes or hours. It must not keep searches from their turns and their memory, what its client may see can be taken from him meanwhile, and a database that
 * is away for a moment, or a stretch of which a search finds little, should not break off what has come so far.
 *
 * <p>The approach: each question is like a search by itself. First it is made sure that the client may still ask. Then it has its turn, and with that takes room for a page, as searches do, so that nobody
 * waits for a turn who holds memory. The turn is given back when the page is there, its room when it was sent. Where the database cannot answer now, it is asked
 * again, some times: pages go by position, so nothing is sent twice. Where it would take too long, half of the stretch is asked for.
 *
 * <p>Database and client would wait for each other in turn. So while a page is sent the next one is read, by another thread, where that costs nobody anything: where a turn is free, nobody waits for one,
 * and half of the memory is free. What goes wrong with it is not looked at: the page is asked for again when it is needed, and then
 * what goes wrong counts. Whether the client may still have it is asked before it is sent.
 */
final class ReadPages {
    /** As many as a page of the store has at most. */
    private static final int RESOURCES_OF_A_PAGE = 1_000;

    /** About as many positions as a file has by default, so that no question is about much more than was counted at once. */
    private static final long WIDEST = 100_000;

    private static final int ATTEMPTS = 6;

    /** What was read longer ago may have been erased since, and is read again; so long a client may take for a page without costing the database more. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final FairTurns turns;
    private final WorkingMemory memory;
    private final Duration patience;
    private final Asker who;
    private final Runnable requireAllowed;
    private final Duration pause;
    private boolean hasBegun;

    /**
     * For one file.
     *
     * @param requireAllowed refuses who may not have it any more
     * @param pause how long the database is left alone before it is asked again; twice as long the next time
     */
    ReadPages(
            FairTurns turns,
            WorkingMemory memory,
            Duration patience,
            Asker who,
            Runnable requireAllowed,
            Duration pause) {
        this.turns = turns;
        this.memory = memory;
        this.patience = patience;
        this.who = who;
        this.requireAllowed = requireAllowed;
        this.pause = pause;
    }

    /** One question to the database. */
    interface Question<T> {
        T ask(Deadline deadline);
    }

    /** What there is behind a position, and not beyond another one. */
    interface Stretch {
        HeldPage page(long after, long upTo, Deadline deadline);
    }

    /** Where resources go. */
    interface Sink {
        void take(List<ResourceVersion.Live> resources) throws IOException;
    }

    /** A page, and the room that it takes. */
    private record Read(HeldPage page, WorkingMemory.Held room, long at) implements AutoCloseable {
        boolean isFresh() {
            return System.nanoTime() - at < FRESH.toNanos();
        }

        @Override
        public void close() {
            room.close();
        }
    }

    /** Reads all of a stretch. */
    void each(String type, Stretch stretch, long after, long upTo, Sink sink) throws IOException {
        Strides strides = new Strides(WIDEST);
        long reached = after;
        try (Ahead ahead = new Ahead(type, stretch)) {
            while (reached < upTo) {
                long end = strides.end(reached, upTo);
                try (Read read = read(ahead, reached, end)) {
                    reached = read.page().reached();
                    if (reached < upTo) {
                        ahead.begin(reached, strides.end(reached, upTo));
                    }
                    sink.take(read.page().resources());
                    strides.done();
                } catch (Refusal refused) {
                    strides.halve(reached, end, refused);
                }
            }
        }
    }

    private Read read(Ahead ahead, long after, long upTo) {
        Read begun = ahead.taken();
        if (begun != null && !begun.isFresh()) {
            begun.close();
            begun = null;
        }
        if (begun == null) {
            return ask(deadline -> ahead.read(after, upTo, deadline, deadline));
        }
        try {
            requireAllowed.run();
            return begun;
        } catch (RuntimeException refused) {
            begun.close();
            throw refused;
        }
    }

    /** The page behind the one that is being sent. */
    private final class Ahead implements AutoCloseable {
        private final String type;
        private final Stretch stretch;
        private final ExecutorService thread = Executors.newSingleThreadExecutor(Ahead::named);
        private @Nullable Future<@Nullable Read> begun;

        Ahead(String type, Stretch stretch) {
            this.type = type;
            this.stretch = stretch;
        }

        private static Thread named(Runnable task) {
            Thread thread = new Thread(task, "read-ahead");
            thread.setDaemon(true);
            return thread;
        }

        void begin(long after, long upTo) {
            if (memory.isHalfFree()) {
                begun = thread.submit(() ->
                        turns.ifFree(who, () -> read(after, upTo, Deadline.in(patience), Deadline.in(Duration.ZERO))));
            }
        }

        /** Null where none was begun, or it came to nothing; what took too long once is not asked for so again. */
        @Nullable
        Read taken() {
            Future<@Nullable Read> page = begun;
            begun = null;
            try {
                return page == null ? null : page.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Refusal refused && refused.reason() == Refusal.Reason.TOO_COSTLY) {
                    throw refused;
                }
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Refusal(Refusal.Reason.NOT_READY, "the server stops");
            }
        }

        /** Takes room, and reads. */
        Read read(long after, long upTo, Deadline deadline, Deadline ofRoom) {
            WorkingMemory.Held room =
                    memory.forPage(type, IntStream.of(RESOURCES_OF_A_PAGE, RESOURCES_OF_A_PAGE), ofRoom);
            try {
                HeldPage page = stretch.page(after, upTo, deadline);
                room.read(page.resources(), AnswerFormat.PLAIN_JSON);
                return new Read(page, room, System.nanoTime());
            } catch (Throwable failure) {
                room.close();
                throw failure;
            }
        }

        @Override
        public void close() {
            thread.shutdown();
            try {
                Read left = taken();
                if (left != null) {
                    left.close();
                }
            } catch (Refusal refused) {
                // Nobody wants it any more.
            }
        }
    }

    /** Asks when it is its turn. The first question is not asked again: nothing was sent yet, so the client is told. */
    <T> T ask(Question<T> question) {
        for (int attempt = 1; ; attempt++) {
            try {
                requireAllowed.run();
                Deadline deadline = Deadline.in(patience);
                T answer = turns.when(who, deadline, () -> question.ask(deadline));
                hasBegun = true;
                return answer;
            } catch (Refusal refused) {
                if (refused.reason() != Refusal.Reason.NOT_READY || !hasBegun || attempt == ATTEMPTS) {
                    throw refused;
                }
                waitBefore(attempt, refused);
            }
        }
    }

    private void waitBefore(int attempt, Refusal refused) {
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis() << attempt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused;
        }
    }
}
