package miroir.server.pipeline;

import java.util.HashMap;
import java.util.Map;
import miroir.index.Refusal;

/**
 * How many answers that take long are being made at once: in all, and for one who asks. They have turns with the database like searches, page by page; what is
 * between the pages is computed, with a page in memory, for as long as it takes and as slowly as it is read. Who has too many is told so at once and waits for
 * none: it could be an hour.
 */
public final class RunsAtOnce {
    private final int most;
    private final int mostOfOne;

    /** Guarded by this. */
    private final Map<String, Integer> running = new HashMap<>();

    /** So many at once. */
    RunsAtOnce(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Begins one, and returns what ends it. */
    public synchronized Runnable begin(Asker asker) {
        int all = running.values().stream().mapToInt(Integer::intValue).sum();
        int own = running.getOrDefault(asker.group(), 0);
        if (all >= most || own >= mostOfOne) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "too many views are being run at this moment: " + own + " for you, of " + mostOfOne
                            + " that are allowed, and " + all + " in all, of " + most + "; try again when one is over");
        }
        running.put(asker.group(), own + 1);
        return () -> end(asker);
    }

    private synchronized void end(Asker asker) {
        running.computeIfPresent(asker.group(), (group, count) -> count > 1 ? count - 1 : null);
    }
}
