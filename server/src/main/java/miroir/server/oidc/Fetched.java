package miroir.server.oidc;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that somebody else keeps and changes now and then, as he had it some minutes ago.
 *
 * <p>The problem: each token is held against the keys of its issuer. He changes them when he likes, may be away for an hour, and must not be asked by
 * us as often as anybody likes who sends us tokens with keys that there are not.
 *
 * <p>The approach: what was read is good for five minutes, and then is read again by the first who needs it, while others go on with what
 * they have. Where that fails, it stays good for as long as the configuration says, counted from when it was read. Who misses something in it
 * has it read again, but not within thirty seconds after it was read, and not within five after that failed; one asks, and a few wait for him.
 *
 * <p>The cost: once in five minutes a request takes as long as the issuer, and while he is away one does so every five seconds; never longer than
 * {@link GetDocument} does. A key that is used as soon as it is published may be unknown for thirty seconds.
 */
final class Fetched<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Fetched.class);
    static final Duration FRESH = Duration.ofMinutes(5);
    static final Duration PAUSE = Duration.ofSeconds(30);
    static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(11);

    /** Where a thread is dear, not all of them may stand here. */
    private static final int MOST_WAITING = 16;

    private final String what;
    private final Source<T> source;
    private final Duration outage;
    private final InstantSource clock;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable Copy<T> copy;
    private volatile @Nullable Attempt latest;

    /** Where it comes from. */
    interface Source<T> {
        T read() throws IOException, InterruptedException;
    }

    private record Copy<T>(T value, Instant asAt) {}

    private record Attempt(Instant ended, boolean failed) {}

    /**
     * What was not read yet.
     *
     * @param what for people
     * @param outage so long it is good where it cannot be read again
     */
    Fetched(String what, Source<T> source, Duration outage, InstantSource clock) {
        this.what = what;
        this.source = source;
        this.outage = outage;
        this.clock = clock;
    }

    /** As it was some minutes ago at most, or before it could not be read any more. */
    T present() {
        Copy<T> known = copy;
        if (known != null && isWithin(FRESH, known.asAt())) {
            return known.value();
        }
        boolean good = isGood(known);
        if (mayAsk() && takeTurn(!good)) {
            readUnlessChanged(known);
        }
        Copy<T> now = copy;
        if (now != null && isGood(now)) {
            return now.value();
        }
        throw notReady();
    }

    /** As it was known last, for who does not wait; where that is not as it should be, it is read meanwhile. */
    Optional<T> known() {
        Copy<T> known = copy;
        boolean fresh = known != null && isWithin(FRESH, known.asAt());
        if (!fresh && mayAsk() && !turn.isLocked()) {
            Thread reader = new Thread(() -> readInTurn(known), "read what an issuer says");
            reader.setDaemon(true);
            reader.start();
        }
        return known != null && isGood(known) ? Optional.of(known.value()) : Optional.empty();
    }

    private void readInTurn(@Nullable Copy<T> known) {
        if (takeTurn(false)) {
            readUnlessChanged(known);
        }
    }

    /** As it is now, since something is missing in that; refused where nobody can tell. */
    T after(T lacking) {
        Copy<T> known = copy;
        if (known != null && known.value() == lacking && mayAsk()) {
            if (!takeTurn(true)) {
                throw notReady();
            }
            readUnlessChanged(known);
        }
        Copy<T> now = copy;
        Attempt last = latest;
        if (now == null || last == null || last.failed()) {
            throw notReady();
        }
        return now.value();
    }

    private boolean isGood(@Nullable Copy<T> some) {
        return some != null && (isWithin(FRESH, some.asAt()) || isWithin(outage, some.asAt()));
    }

    private boolean mayAsk() {
        Attempt last = latest;
        return last == null || !isWithin(last.failed() ? PAUSE_AFTER_FAILURE : PAUSE, last.ended());
    }

    /** The clock may be set, in either direction. */
    private boolean isWithin(Duration length, Instant since) {
        return Duration.between(since, clock.instant()).abs().compareTo(length) < 0;
    }

    private boolean takeTurn(boolean wait) {
        if (!wait) {
            return turn.tryLock();
        }
        if (turn.getQueueLength() >= MOST_WAITING) {
            return false;
        }
        try {
            return turn.tryLock(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whose turn it is; gives it back. Who waited for it finds that another has done it. */
    @SuppressWarnings("ReferenceEquality") // Whether it is still that copy, whatever is in it.
    private void readUnlessChanged(@Nullable Copy<T> known) {
        try {
            if (copy == known && mayAsk()) {
                read();
            }
        } finally {
            turn.unlock();
        }
    }

    private void read() {
        Instant asked = clock.instant();
        boolean failed = true;
        try {
            copy = new Copy<>(source.read(), asked);
            failed = false;
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be read: {}", what, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            latest = new Attempt(clock.instant(), failed);
        }
    }

    private Refusal notReady() {
        return new Refusal(Refusal.Reason.NOT_READY, what + " cannot be read at the moment; try again later");
    }
}
