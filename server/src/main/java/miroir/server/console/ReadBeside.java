package miroir.server.console;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What may take long to read, for who looks at it for long. Whatever is looked at is asked for once a second by one thread; a search that takes ten seconds would
 * have all others wait. So it is read beside that, by another thread, one after the other, and who asks meanwhile gets what was known; and after each reading nothing is read of it
 * for nineteen times as long as that took, so that who looks at one costs the database a twentieth of its time at most, however many look, come and go.
 *
 * <p>What was read for a page is told, so that nobody sees what was before that. What somebody looks at is never forgotten: it would be read anew each second. What nobody asked
 * for during a minute is, and beyond so many at a time nothing is taken on; so the queue of what is to be read is never longer than that.
 */
final class ReadBeside<T> {
    static final int MOST = 64;

    private static final int REST = 19;
    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(ReadBeside.class);

    private final Function<String, T> read;
    private final Executor beside;
    private final LongSupplier clock;
    private final Map<String, Known<T>> all = new HashMap<>();

    /** What is known of one of them; touched by who holds the lock of all. */
    private static final class Known<T> {
        /** Null: nothing yet, or it could not be read. */
        private @Nullable T value;

        private boolean isAway;
        private boolean isBeingRead;

        /** When the reading began that the value is of. */
        private long asOf;

        private long notBefore;
        private long asked;

        private Known(long now) {
            asOf = now;
            notBefore = now;
            asked = now;
        }

        private @Nullable T value() {
            if (isAway) {
                throw new Refusal(Refusal.Reason.NOT_READY, "it cannot be read now");
            }
            return value;
        }
    }

    /**
     * Nothing is known yet.
     *
     * @param beside runs one reading after the other
     * @param clock counts nanoseconds
     */
    ReadBeside(Function<String, T> read, Executor beside, LongSupplier clock) {
        this.read = read;
        this.beside = beside;
        this.clock = clock;
    }

    /** Somebody has read it for a page. It rests as long as it would otherwise. */
    synchronized void known(String which, T value, long begun) {
        Known<T> known = all.get(which);
        if (known != null || hasRoom()) {
            learn(known(which), value, begun);
        }
    }

    /** What it was when it was read last; null: it is not read yet. Refused where it could not be. */
    synchronized @Nullable T get(String which) {
        Known<T> known = known(which);
        if (mayBeRead(known)) {
            beside.execute(() -> read(which, known));
        }
        return known.value();
    }

    /** The same for who waits until it is read, if nobody reads it already. */
    T now(String which) {
        Known<T> known;
        boolean isToRead;
        synchronized (this) {
            known = known(which);
            isToRead = mayBeRead(known);
        }
        if (isToRead) {
            read(which, known);
        }
        synchronized (this) {
            T value = known.value();
            if (value == null) {
                throw new Refusal(Refusal.Reason.NOT_READY, "it is not read yet");
            }
            return value;
        }
    }

    private Known<T> known(String which) {
        Known<T> known = all.get(which);
        if (known == null) {
            if (!hasRoom()) {
                throw new Refusal(
                        Refusal.Reason.NOT_READY, MOST + " such are looked at already; ask from time to time instead");
            }
            known = new Known<>(clock.getAsLong());
            all.put(which, known);
        }
        known.asked = clock.getAsLong();
        return known;
    }

    private boolean hasRoom() {
        if (all.size() >= MOST) {
            long now = clock.getAsLong();
            all.values().removeIf(each -> !each.isBeingRead && now - each.asked > KEPT_NANOS);
        }
        return all.size() < MOST;
    }

    /** If so, whoever asks has to. */
    private boolean mayBeRead(Known<T> known) {
        boolean isTo = !known.isBeingRead && clock.getAsLong() - known.notBefore >= 0;
        known.isBeingRead = known.isBeingRead || isTo;
        return isTo;
    }

    private void read(String which, Known<T> known) {
        long begun = clock.getAsLong();
        T value = null;
        try {
            value = read.apply(which);
        } catch (RuntimeException e) {
            LOG.debug("{} cannot be read now", which, e);
        }
        synchronized (this) {
            known.isBeingRead = false;
            learn(known, value, begun);
        }
    }

    private void learn(Known<T> known, @Nullable T value, long begun) {
        long over = clock.getAsLong();
        known.notBefore = Math.max(known.notBefore, over + REST * (over - begun));
        // Who began to read before another one saw what was before that.
        if (known.value == null || begun - known.asOf >= 0) {
            known.value = value;
            known.isAway = value == null;
            known.asOf = begun;
        }
    }
}
