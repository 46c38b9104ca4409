package miroir.sync.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import miroir.storage.MirroredResources;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.run.TakeIn.Taken;
import miroir.sync.state.Counts;
import miroir.sync.state.Definition;
import miroir.sync.upstream.Entry;
import miroir.sync.upstream.Page;
import miroir.sync.upstream.Upstream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what the upstream has no more.
 *
 * <p>The problem: an absence is not told by anybody. It can be concluded only from everything that is there, and everything
 * is ten million ids, read in hours during which things change.
 *
 * <p>The approach: a full pass and the delta that follows it put every id that they see into a collection. What this
 * synchronisation owns is walked in the order of ids, a thousand at a time, and held against that; both come from an index,
 * and no set is in memory. What was not seen is a candidate. If the candidates are more than a share of all, nothing is
 * touched and a person is asked: that many absences mean a broken upstream more often than a shrinking one. Otherwise, and
 * then, each is asked for by its id, and only what that does not find is removed. What it does find is stored like
 * anything else that arrives.
 *
 * <p>The cost: two walks along indexes, a few microseconds for each id, and one call for 50 candidates. Repeating it
 * does no harm, so nothing is written down about how far it came.
 */
final class SweepAbsent {
    private static final Logger LOG = LoggerFactory.getLogger(SweepAbsent.class);
    private static final int WALKED_AT_ONCE = 1_000;
    private static final int ASKED_AT_ONCE = AskByIds.MOST;

    /** Of a small directory a few may go, whatever share of it they are. */
    private static final int ALWAYS_ALLOWED = 10;

    private final Definition definition;
    private final AskByIds askByIds;
    private final MirroredResources mirrored;
    private final TakeIn takeIn;
    private final BooleanSupplier stopped;

    SweepAbsent(
            Definition definition,
            Upstream upstream,
            MirroredResources mirrored,
            TakeIn takeIn,
            BooleanSupplier stopped) {
        this.definition = definition;
        this.askByIds = new AskByIds(definition, upstream, stopped);
        this.mirrored = mirrored;
        this.takeIn = takeIn;
        this.stopped = stopped;
    }

    /**
     * Sweeps.
     *
     * @param confirmed whether a person allowed it, however many there are
     */
    Taken run(String run, boolean confirmed) {
        long[] candidates = {0};
        walk(run, unseen -> candidates[0] += unseen.size());
        if (candidates[0] == 0) {
            return Taken.NOTHING;
        }
        long owned = takeIn.patiently(() -> mirrored.owned(definition.name(), definition.type()));
        if (!confirmed && candidates[0] > ALWAYS_ALLOWED && candidates[0] > definition.guard() * owned) {
            throw new RunEnded(
                    Why.GUARD,
                    "the upstream no longer has " + candidates[0] + " of " + owned + " resources, more than "
                            + definition.guard() * 100
                            + " %; nothing was removed. If that is right: ./miroir sync confirm "
                            + definition.name()
                            + "; each of them is then asked for once more, and removed only if it is not found");
        }
        Taken[] taken = {Taken.NOTHING};
        walk(run, unseen -> taken[0] = taken[0].and(sweep(unseen)));
        return taken[0];
    }

    private void walk(String run, Consumer<List<String>> candidates) {
        String after = "";
        while (true) {
            if (stopped.getAsBoolean()) {
                throw new RunEnded(Why.STOPPED, "told to stop");
            }
            String last = after;
            List<String> owned =
                    takeIn.patiently(() -> mirrored.owned(definition.name(), definition.type(), last, WALKED_AT_ONCE));
            if (owned.isEmpty()) {
                return;
            }
            List<String> unseen = takeIn.patiently(() -> mirrored.unseen(run, owned));
            if (!unseen.isEmpty()) {
                candidates.accept(unseen);
            }
            after = owned.get(owned.size() - 1);
        }
    }

    private Taken sweep(List<String> unseen) {
        Taken taken = Taken.NOTHING;
        for (int from = 0; from < unseen.size(); from += ASKED_AT_ONCE) {
            List<String> asked = unseen.subList(from, Math.min(from + ASKED_AT_ONCE, unseen.size()));
            Page there = askByIds.run(asked);
            Set<String> present = new HashSet<>();
            there.entries().stream().map(Entry::id).forEach(present::add);
            List<String> absent = new ArrayList<>(asked);
            absent.removeAll(present);
            if (!present.isEmpty()) {
                LOG.warn(
                        "{}: {} resources that the full pass did not see are there", definition.name(), present.size());
                taken = taken.and(takeIn.store(there.entries()));
            }
            int removed = absent.isEmpty() ? 0 : takeIn.remove(absent);
            taken = taken.and(new Taken(new Counts(1, there.bytes(), 0, 0, 0, 0, 0, removed, 0, 0, 0), List.of()));
        }
        return taken;
    }
}
