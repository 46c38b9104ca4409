package miroir.sync.run;

import java.time.Duration;

/**
 * How runs work.
 *
 * @param readers how many windows of a run are read at the same time
 * @param window how many resources a window may hold
 * @param remembered how long the upstream remembers deletions: no delta reaches back further
 * @param resumable how old a run may be to be gone on with: less than that, since the next delta begins at its mark
 * @param indexesLast of how many resources on a first load is one without the indexes of searches, which are made at its end
 */
public record RunSettings(int readers, int window, Duration remembered, Duration resumable, int indexesLast) {
    /** More than there is of anything. */
    public static final int INDEXES_FIRST = Integer.MAX_VALUE;

    /** For the real directory. */
    public static RunSettings standard() {
        return new RunSettings(4, 20_000, Duration.ofDays(30), Duration.ofDays(28), 100_000);
    }
}
