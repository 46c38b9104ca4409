package miroir.sync.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Run;
import miroir.sync.run.TakeIn.Taken;
import miroir.sync.upstream.Entry;
import miroir.sync.upstream.Page;

/**
 * Removes what the upstream has no more.
 *
 * <p>The problem: an absence is not told by anybody. It can be concluded only from everything that is there, and everything
 * is ten million ids, read in hours during which things change.
 *
 * <p>The approach: a full pass and the delta that follows it put every id that they see into a collection. What this
 * synchronisation owns is walked in the order of ids, a thousand at a time, and held against that; both come from an index,
 * and no set is in memory. What was not seen is a candidate. If the candidates are more than a share of all, nothing is
 * touched and a person is asked: that many absences mean a broken upstream more often than a shrinking one. Otherwise, or
 * once a person allowed it, each is asked for by its id, and only what that does not find is removed. What it does find, such
 * as what came into being since, is stored like anything else that arrives.
 *
 * <p>The cost: two walks along indexes, a few microseconds for each id, and one call for 50 candidates. Repeating it
 * does no harm, so nothing is written down about how far it came, but what it did.
 */
final class SweepAbsent {
    private static final int WALKED_AT_ONCE = 1_000;

    /** Of a small directory a few may go, whatever share of it they are. */
    static final int ALWAYS_ALLOWED = 10;

    private final RunParts parts;
    private final TakeIn takeIn;
    private final AskByIds askByIds;

    SweepAbsent(RunParts parts, TakeIn takeIn) {
        this.parts = parts;
        this.takeIn = takeIn;
        this.askByIds = new AskByIds(parts);
    }

    /** Why a person must be asked before what this run did not see is removed; empty where nobody need be. */
    Optional<Cause> tooMany(String run) {
        long[] candidates = {0};
        walk(run, unseen -> candidates[0] += unseen.size());
        if (candidates[0] <= ALWAYS_ALLOWED) {
            return Optional.empty();
        }
        Definition definition = parts.definition();
        long owned = takeIn.patiently(() -> parts.mirrored().owned(definition.name(), definition.type()));
        return candidates[0] <= definition.guard() * owned
                ? Optional.empty()
                : Optional.of(Cause.of(
                        Cause.Kind.GUARD,
                        held(candidates[0], owned),
                        candidates[0],
                        owned,
                        Cause.percent(definition.guard())));
    }

    private String held(long candidates, long owned) {
        Definition definition = parts.definition();
        return "the upstream no longer has " + candidates + " of " + owned
                + " resources, more than " + definition.guard() * 100
                + " %; none was removed. If that is right: ./miroir sync confirm " + definition.name()
                + "; then the next run, the daemon's or that of 'once', asks for each by its id and removes what is not found. If not, once the upstream is whole again: ./miroir sync full "
                + definition.name();
    }

    /**
     * Removes what a run did not see and the upstream does not find.
     *
     * @param marks the run that did not see it
     * @param run whose work this is
     * @param watch is told what was done
     */
    void run(String marks, Run run, Consumer<Counts> watch) {
        walk(marks, unseen -> {
            Taken taken = sweep(unseen);
            watch.accept(taken.counts());
            takeIn.patiently(() -> {
                parts.register().count(parts.lease(), run, taken.counts(), taken.rejections());
                return taken;
            });
        });
    }

    private void walk(String run, Consumer<List<String>> candidates) {
        Definition definition = parts.definition();
        String after = "";
        while (true) {
            parts.checkStopped();
            String last = after;
            List<String> owned = takeIn.patiently(
                    () -> parts.mirrored().owned(definition.name(), definition.type(), last, WALKED_AT_ONCE));
            if (owned.isEmpty()) {
                return;
            }
            List<String> unseen = takeIn.patiently(() -> parts.mirrored().unseen(run, owned));
            if (!unseen.isEmpty()) {
                candidates.accept(unseen);
            }
            after = owned.get(owned.size() - 1);
        }
    }

    private Taken sweep(List<String> unseen) {
        return askByIds.take(unseen, this::sweep);
    }

    private Taken sweep(List<String> asked, Page there) {
        List<String> absent = new ArrayList<>(asked);
        absent.removeAll(there.entries().stream().map(Entry::id).toList());
        Taken taken = Taken.of(Counts.page(there.bytes(), there.retries()));
        if (!there.entries().isEmpty()) {
            parts.log().warns((asked.size() - absent.size()) + " resources that the full pass did not see are there");
            taken = taken.and(takeIn.store(there.entries()).taken());
        }
        return absent.isEmpty() ? taken : taken.and(Taken.of(Counts.removed(takeIn.remove(absent))));
    }
}
