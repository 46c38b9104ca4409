package miroir.sync.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import miroir.storage.MirroredResources;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Register;
import miroir.sync.run.CheckCopy;

/**
 * What a process does when it begins to lead: it writes down what is configured, and removes what others left behind.
 *
 * <p>Marks of what a full pass saw are left where a run was forgotten with its synchronisation, or the process died between a
 * run's end and their removal; those of a comparison, where it was killed. No lease protects a collection from being dropped,
 * so the order has to: the collections are listed first, and the open runs are read then. A run is written down before it marks
 * anything, and one that has ended is never opened again; so what is in the list and of no open run is nobody's, however
 * late it is dropped. Comparisons are written down nowhere; a day is longer than any takes.
 */
final class BeginToLead {
    private static final Duration LONGEST_COMPARISON = Duration.ofDays(1);

    private final SyncParts parts;
    private final Leader leader;
    private final Runnable between;

    /**
     * It does nothing yet.
     *
     * @param between is run before each step, of which each may take as long as the database lets it wait
     */
    BeginToLead(SyncParts parts, Leader leader, Runnable between) {
        this.parts = parts;
        this.leader = leader;
        this.between = between;
    }

    void run(List<Definition> definitions) {
        publish(definitions);
        between.run();
        parts.register().forgetOthers(leader.lease(), parts.sources(), definitions);
        between.run();
        removeLeftovers();
    }

    void publish(List<Definition> definitions) {
        Register register = parts.register();
        between.run();
        register.prepare();
        between.run();
        register.publish(leader.lease(), parts.sources(), definitions);
    }

    void removeLeftovers() {
        MirroredResources mirrored = parts.mirrored();
        List<String> marked = mirrored.seenBy();
        Set<String> open = parts.register().openRuns();
        Instant longAgo = parts.clock().instant().minus(LONGEST_COMPARISON);
        for (String each : marked) {
            boolean left = CheckCopy.isOfOne(each) ? CheckCopy.isOfOneBefore(longAgo, each) : !open.contains(each);
            if (left) {
                between.run();
                mirrored.forgetSeen(each);
            }
        }
    }
}
