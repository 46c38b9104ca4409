package miroir.server.console;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever logged out, or lost his role, sees no more. To find that out takes the database, so it is done by a thread of its own: neither the clock waits for it, nor does it
 * wait for parts of pages that are slow to read. Where it cannot be found out of one listener, most likely it cannot of the others, who are left for the next time, which begins with
 * them. Of whom it is not known for minutes, he is let go: his browser comes back, and is asked who it is.
 */
final class CheckListeners implements AutoCloseable {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(15);
    private static final long UNKNOWN_FOR = TimeUnit.MINUTES.toNanos(5);

    private static final Logger LOG = LoggerFactory.getLogger(CheckListeners.class);

    private final Fragments fragments;
    private final List<EventStream> streams;
    private final ExecutorService thread = ReadParts.threads(1, "console-rights");
    private volatile long checked = System.nanoTime();
    private volatile boolean isChecking;

    /** Touched by that thread: of the last one that could not be checked, how many were opened before it. */
    private int begin;

    CheckListeners(Fragments fragments, List<EventStream> streams) {
        this.fragments = fragments;
        this.streams = streams;
    }

    /** Called again and again; begins from time to time. */
    void turn() {
        if (!isChecking && System.nanoTime() - checked >= EVERY) {
            isChecking = true;
            thread.execute(this::checkAll);
        }
    }

    private void checkAll() {
        try {
            List<EventStream> all = new ArrayList<>(streams);
            Collections.rotate(all, -begin);
            int known = 0;
            while (known < all.size() && (all.get(known).isOver() || isKnown(all.get(known)))) {
                known++;
            }
            begin = known == all.size() ? 0 : (begin + known + 1) % all.size();
            all.stream().filter(CheckListeners::isUnknownForLong).forEach(EventStream::close);
        } finally {
            checked = System.nanoTime();
            isChecking = false;
        }
    }

    private static boolean isUnknownForLong(EventStream stream) {
        return System.nanoTime() - stream.allowed() > UNKNOWN_FOR;
    }

    /** False: that cannot be found out now. */
    private boolean isKnown(EventStream stream) {
        try {
            View now = stream.view().allowedNow();
            stream.fragments().forEach(name -> fragments.find(name).require(now));
            stream.allowed(now);
        } catch (Refusal over) {
            if (over.reason() == Refusal.Reason.NOT_READY) {
                return false;
            }
            stream.close();
        } catch (Throwable e) {
            // Also what is no exception: who may not look any more is not to look on for that. Of who has gone
            // meanwhile there is no request any more.
            if (!stream.isOver()) {
                LOG.warn("whether a browser may look on could not be found out, and it is let go", e);
            }
            stream.close();
        }
        return true;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
