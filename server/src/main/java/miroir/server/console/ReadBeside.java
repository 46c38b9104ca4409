package miroir.server.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What may take long to read, for who looks at it for long. Whatever is looked at is asked for once a second by one thread; a search that takes ten seconds would
 * have all others wait. So it is read beside that, by another thread, and who asks meanwhile gets what was known; and after each reading nothing is read of it
 * for nineteen times as long as that took, so that who looks costs the database a twentieth of its time at most. What was read for a page is told, so that nobody who begins to look
 * waits. Some are known at a time, those that were asked for last.
 */
final class ReadBeside<T> {
    private static final int MOST = 16;
    private static final int REST = 19;

    private static final Logger LOG = LoggerFactory.getLogger(ReadBeside.class);

    private final Function<String, T> read;
    private final Executor beside;

    @SuppressWarnings("serial")
    private final Map<String, Known<T>> all = new LinkedHashMap<>(MOST, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known<T>> eldest) {
            return size() > MOST;
        }
    };

    /**
     * What is known of one of them.
     *
     * @param value null: nothing, or it cannot be read now
     * @param isRead whether it is being read
     * @param notBefore when it may be read again
     */
    private record Known<T>(@Nullable T value, boolean isRead, long notBefore) {}

    /** @param beside runs one reading after the other */
    ReadBeside(Function<String, T> read, Executor beside) {
        this.read = read;
        this.beside = beside;
    }

    /** Somebody has read it just now. */
    synchronized void known(String which, T value) {
        Known<T> before = all.get(which);
        all.put(which, new Known<>(value, before != null && before.isRead(), System.nanoTime()));
    }

    /** What it was when it was read last; refused while nothing is known of it. */
    synchronized T get(String which) {
        Known<T> known = all.getOrDefault(which, new Known<>(null, false, System.nanoTime()));
        if (!known.isRead() && System.nanoTime() - known.notBefore() >= 0) {
            all.put(which, new Known<>(known.value(), true, known.notBefore()));
            beside.execute(() -> readAgain(which));
        }
        T value = known.value();
        if (value == null) {
            throw new Refusal(Refusal.Reason.NOT_READY, "it was not read yet, or cannot be");
        }
        return value;
    }

    private void readAgain(String which) {
        long begun = System.nanoTime();
        T value = null;
        try {
            value = read.apply(which);
        } catch (RuntimeException e) {
            LOG.debug("{} cannot be read now", which, e);
        }
        long over = System.nanoTime();
        synchronized (this) {
            all.put(which, new Known<>(value, false, over + REST * (over - begun)));
        }
    }
}
