package miroir.sync.run;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.run.TakeIn.Taken;
import miroir.sync.state.Definition;
import miroir.sync.upstream.Page;
import miroir.sync.upstream.Upstream;

/** Asks for some resources by their ids, for certain: an answer that is not all of what it says it is proves no absence. */
final class AskByIds {
    /** So many fit into a URL, and on a page. */
    private static final int MOST = 50;

    private static final int TRIES = 5;

    private final Definition definition;
    private final Upstream upstream;
    private final BooleanSupplier stopped;

    AskByIds(Definition definition, Upstream upstream, BooleanSupplier stopped) {
        this.definition = definition;
        this.upstream = upstream;
        this.stopped = stopped;
    }

    AskByIds(RunParts parts) {
        this(parts.definition(), parts.upstream(), parts.stopped());
    }

    /** Gives what was asked for, some at a time, and what of it is there, to somebody. */
    void each(List<String> ids, BiConsumer<List<String>, Page> step) {
        for (int from = 0; from < ids.size(); from += MOST) {
            List<String> asked = ids.subList(from, Math.min(from + MOST, ids.size()));
            step.accept(asked, ask(asked));
        }
    }

    /** The same for somebody who says what became of it. */
    Taken take(List<String> ids, BiFunction<List<String>, Page, Taken> step) {
        Taken[] taken = {Taken.NOTHING};
        each(ids, (asked, there) -> taken[0] = taken[0].and(step.apply(asked, there)));
        return taken[0];
    }

    private Page ask(List<String> ids) {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            Page page = upstream.ofIds(definition.type(), ids, definition.filter(), stopped);
            if (isAll(page, ids)) {
                return page;
            }
        }
        throw new RunEnded(
                Why.INCOMPLETE,
                "asked for " + ids.size() + " ids, the upstream never gave a total and as many resources as that");
    }

    private static boolean isAll(Page page, List<String> asked) {
        long distinct =
                page.entries().stream().map(entry -> entry.id()).distinct().count();
        return page.next() == null
                && page.total() != null
                && page.total() == distinct
                && page.entries().stream().allMatch(entry -> asked.contains(entry.id()));
    }
}
