package miroir.sync.run;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Definition;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.run.TakeIn.Taken;
import miroir.sync.upstream.Entry;
import miroir.sync.upstream.OnBehalf;
import miroir.sync.upstream.Page;
import miroir.sync.upstream.Upstream;
import miroir.sync.upstream.UpstreamFailed;

/**
 * Asks for some resources by their ids, for certain: an answer that is not all of what it says it is proves no absence. Where the
 * upstream cannot answer for many at once, it is asked for half of them, down to one.
 */
final class AskByIds {
    private static final int TRIES = 5;

    private final Definition definition;
    private final Upstream upstream;
    private final OnBehalf whom;

    AskByIds(Definition definition, Upstream upstream, OnBehalf whom) {
        this.definition = definition;
        this.upstream = upstream;
        this.whom = whom;
    }

    AskByIds(RunParts parts) {
        this(parts.definition(), parts.upstream(), parts.whom());
    }

    /** Gives what was asked for, some at a time, and what of it is there, to somebody. */
    void each(List<String> ids, BiConsumer<List<String>, Page> step) {
        for (int from = 0; from < ids.size(); ) {
            int to = Math.min(from + upstream.idsAtOnce(), ids.size());
            together(ids.subList(from, to), step);
            from = to;
        }
    }

    private void together(List<String> ids, BiConsumer<List<String>, Page> step) {
        Optional<Page> there = ask(ids);
        if (there.isPresent()) {
            step.accept(ids, there.get());
        } else if (ids.size() > 1) {
            together(ids.subList(0, ids.size() / 2), step);
            together(ids.subList(ids.size() / 2, ids.size()), step);
        } else {
            throw new RunEnded(
                    Why.INCOMPLETE,
                    Cause.of(
                            Cause.Kind.NEVER_ALL,
                            "asked for the id " + ids.get(0)
                                    + ", the upstream never gave a total and as many resources as that"));
        }
    }

    /** The same for somebody who says what became of it. */
    Taken take(List<String> ids, BiFunction<List<String>, Page, Taken> step) {
        Taken[] taken = {Taken.NOTHING};
        each(ids, (asked, there) -> taken[0] = taken[0].and(step.apply(asked, there)));
        return taken[0];
    }

    private Optional<Page> ask(List<String> ids) {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            try {
                Page page = followed(upstream.ofIds(definition.type(), ids, definition.filter(), whom), ids.size());
                if (isAll(page, ids)) {
                    return Optional.of(page);
                }
            } catch (UpstreamFailed failed) {
                if (failed.kind() != UpstreamFailed.Kind.DEAD_LINK) {
                    throw failed;
                }
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** All pages as one; the upstream may give fewer resources on each than it was asked for. */
    private Page followed(Page first, int most) {
        List<Entry> entries = new ArrayList<>(first.entries());
        int bytes = first.bytes();
        int retries = first.retries();
        URI next = first.next();
        for (int pages = 1; next != null && pages < most; pages++) {
            Page page = upstream.next(definition.type(), next, whom);
            entries.addAll(page.entries());
            bytes += page.bytes();
            retries += page.retries();
            next = page.next();
        }
        return new Page(first.date(), first.total(), next, entries, bytes, retries);
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
