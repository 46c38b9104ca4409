package miroir.sync.run;

import java.util.List;
import java.util.function.BiFunction;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.run.TakeIn.Taken;
import miroir.sync.state.Definition;
import miroir.sync.upstream.Page;

/** Asks for resources by their ids, some at a time. What it says is there, and what is not, is all of the truth. */
final class AskByIds {
    private static final int AT_ONCE = 50;
    private static final int TRIES = 5;

    private final RunParts parts;

    AskByIds(RunParts parts) {
        this.parts = parts;
    }

    /** Gives what was asked for, and what of it is there, to somebody who says what became of it. */
    Taken each(List<String> ids, BiFunction<List<String>, Page, Taken> step) {
        Taken taken = Taken.NOTHING;
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            List<String> asked = ids.subList(from, Math.min(from + AT_ONCE, ids.size()));
            taken = taken.and(step.apply(asked, ask(asked)));
        }
        return taken;
    }

    private Page ask(List<String> ids) {
        Definition definition = parts.definition();
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            Page page = parts.upstream().ofIds(definition.type(), ids, definition.filter(), parts.stopped());
            if (isAll(page, ids)) {
                return page;
            }
        }
        throw new RunEnded(
                Why.INCOMPLETE,
                "asked for " + ids.size() + " ids, the upstream never gave as many as its total says, or no total");
    }

    /** A list that has no total, or is shorter than it, proves no absence. */
    private static boolean isAll(Page page, List<String> asked) {
        Long total = page.total();
        long distinct =
                page.entries().stream().map(entry -> entry.id()).distinct().count();
        return page.next() == null
                && total != null
                && total == distinct
                && page.entries().stream().allMatch(entry -> asked.contains(entry.id()));
    }
}
