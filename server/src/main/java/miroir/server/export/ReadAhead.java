package miroir.server.export;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import miroir.storage.HeldPage;
import org.jspecify.annotations.Nullable;

/** The pages of a stretch, of which the next is read while one is sent: the database works while the client does. */
final class ReadAhead implements AutoCloseable {
    private final Executor readers;
    private final LongFunction<HeldPage> read;
    private final long upTo;
    private @Nullable CompletableFuture<HeldPage> next;

    /**
     * Begins to read.
     *
     * @param read what comes after a position
     */
    ReadAhead(Executor readers, LongFunction<HeldPage> read, long after, long upTo) {
        this.readers = readers;
        this.read = read;
        this.upTo = upTo;
        this.next = begun(after);
    }

    private @Nullable CompletableFuture<HeldPage> begun(long after) {
        return after < upTo ? CompletableFuture.supplyAsync(() -> read.apply(after), readers) : null;
    }

    /** Empty where there is none left. */
    Optional<HeldPage> next() {
        CompletableFuture<HeldPage> reading = next;
        if (reading == null) {
            return Optional.empty();
        }
        next = null;
        HeldPage page = read(reading);
        next = begun(page.reached());
        return Optional.of(page);
    }

    private static HeldPage read(CompletableFuture<HeldPage> reading) {
        try {
            return reading.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Returns when nothing is read any more, and so nothing is held. */
    @Override
    public void close() {
        CompletableFuture<HeldPage> reading = next;
        if (reading != null) {
            reading.handle((page, failure) -> failure == null).join();
        }
    }
}
