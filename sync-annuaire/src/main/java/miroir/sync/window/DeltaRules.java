package miroir.sync.window;

import java.time.Duration;
import java.time.Instant;
import miroir.storage.sync.Window;
import org.jspecify.annotations.Nullable;

/**
 * From when to when a run must ask, such that no change is missed.
 *
 * <p>The upstream answers "what changed since T". Asking since the end of the last run loses changes in three ways:
 *
 * <ul>
 *   <li>Its clock is not ours. So both ends are its own instants: the {@code Date} header of the first page.
 *   <li>A change is stamped before it can be seen (a transaction, a replica, a second machine with another clock). So
 *       the window begins an overlap earlier; what comes twice is recognised by its content hash.
 *   <li>It forgets deletions after 30 days. So a window that would reach back further is not asked for: the pass is a
 *       full one, by itself, and it says why. The same where its clock ran backwards further than the overlap, since
 *       then new changes may be stamped earlier than anything that a delta would ask for.
 * </ul>
 *
 * @param overlap how much earlier than the last run's mark a window begins; at least a second, since the header has no parts of one
 * @param longest how far back the upstream remembers deletions
 */
public record DeltaRules(Duration overlap, Duration longest) {

    private static final Duration LEAST = Duration.ofSeconds(1);

    public DeltaRules {
        overlap = overlap.isZero() ? LEAST : overlap;
        if (overlap.isNegative() || overlap.compareTo(longest) >= 0) {
            throw new IllegalArgumentException(
                    "the overlap " + overlap + " must be between none and the longest window " + longest);
        }
    }

    /** The rules for the real directory. */
    public static DeltaRules standard() {
        return new DeltaRules(Duration.ofMinutes(10), Duration.ofDays(30));
    }

    /**
     * What the next run asks for.
     *
     * @param mark {@link Pass#nextMark} of the last complete run; null where there was none
     * @param upstreamNow the upstream's clock, see {@link UpstreamDate}
     */
    public Pass plan(@Nullable Instant mark, Instant upstreamNow) {
        if (mark == null) {
            return new Pass.Full(upstreamNow, "no run was ever complete");
        }
        Instant from = mark.minus(overlap);
        if (!from.isBefore(upstreamNow)) {
            return new Pass.Full(
                    upstreamNow,
                    "the upstream's clock ran backwards: it says " + upstreamNow
                            + ", and the last complete run began at " + mark);
        }
        if (Duration.between(from, upstreamNow).compareTo(longest) > 0) {
            return new Pass.Full(
                    upstreamNow,
                    "the last complete run began at " + mark + "; with the overlap of " + overlap.toMinutes()
                            + " minutes that is more than the " + longest.toDays()
                            + " days for which the upstream keeps deletions");
        }
        return new Pass.Delta(new Window(from, upstreamNow));
    }
}
