package miroir.storage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What this process has promised about its commits, and which of them are open: begun, and not known to have ended.
 * The instants are those of versions. Every {@code from} is above every promise that was made before it was chosen, and
 * no promise reaches an open one; so a promise, once made, holds for ever.
 */
final class OpenCommits {
    /** How many commits are open at an instant. */
    private final TreeMap<Instant, Integer> open = new TreeMap<>();

    private final List<Lost> lost = new ArrayList<>();
    private Instant promised = Instant.EPOCH;

    /** What others were told while they did not know of us; open commits are protected by their limit. */
    private Instant told = Instant.EPOCH;

    /** The newest that ended. */
    private Instant newest = Instant.EPOCH;

    /** A commit that ended without a word: it may still be applied until then. */
    private record Lost(Instant from, Instant until) {}

    /** Chooses the instant of a commit: now, but after the version before and after all that was promised. */
    synchronized Instant begin(Instant now, Instant previous) {
        Instant from = later(now, later(previous, later(promised, told)).plusMillis(1));
        open.merge(from, 1, Integer::sum);
        return from;
    }

    /** Makes all later commits be above this instant. */
    synchronized void beginAbove(Instant instant) {
        told = later(told, instant);
    }

    /** The commit can be seen by everybody, or never will be. */
    synchronized void end(Instant from) {
        newest = later(newest, from);
        open.computeIfPresent(from, (each, count) -> count == 1 ? null : count - 1);
    }

    /** Nobody knows what became of the commit; it cannot be applied after this instant. */
    synchronized void lose(Instant from, Instant until) {
        lost.add(new Lost(from, until));
    }

    /** Ends the lost commits that could not be applied any more at this instant, which a majority has reached. */
    synchronized void endLost(Instant passed) {
        lost.removeIf(commit -> {
            boolean over = commit.until().isBefore(passed);
            if (over) {
                end(commit.from());
            }
            return over;
        });
    }

    /** Promises as much as can be promised up to this instant, and says how far that is. */
    synchronized Instant promise(Instant upTo) {
        Instant possible = open.isEmpty() || upTo.isBefore(open.firstKey())
                ? upTo
                : open.firstKey().minusMillis(1);
        promised = later(promised, possible);
        return promised;
    }

    /** The newest instant of a commit that ended. */
    synchronized Instant newest() {
        return newest;
    }

    synchronized boolean isEmpty() {
        return open.isEmpty();
    }

    synchronized boolean hasLost() {
        return !lost.isEmpty();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
