package miroir.server.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import miroir.storage.sync.Cause;
import miroir.storage.sync.LogLine;
import org.jspecify.annotations.Nullable;

/**
 * One synchronisation, and its runs.
 *
 * @param rejecting the run that rejected more than it may, of which {@code why} tells; null: none did, or it is not known any more
 * @param log the last of what the last run said
 */
record SynchronisationDetail(
        SynchronisationRow row,
        boolean isLed,
        boolean isFromFile,
        boolean isHeld,
        @Nullable Cause why,
        @Nullable String rejecting,
        @Nullable Instant lastStart,
        @Nullable Instant lastFull,
        @Nullable Instant completed,
        List<RunRow> runs,
        List<LogLine> log) {
    SynchronisationDetail {
        runs = List.copyOf(runs);
        log = List.copyOf(log);
    }

    /** What it is called where it is asked for as it is now. */
    String fragment() {
        return "synchronisation:" + row.dotted();
    }

    /** Null: nothing failed. */
    @Nullable
    ToldCause told(View view) {
        return why == null
                ? null
                : new ToldCause(
                        why,
                        "technical",
                        ToldCause.sourceOf(row.name()),
                        isHeld && view.administers() ? row.path() + "#held" : null,
                        false,
                        rejections());
    }

    /** What is written on the button: how many are removed, where that is known. */
    String confirm(View view) {
        return (why == null ? Stream.<Cause.Said>empty() : why.said().stream())
                .filter(said -> said.kind() == Cause.Kind.GUARD)
                .findFirst()
                .map(said -> said.values().get(0))
                .map(some -> view.say("sync.confirmSome" + ("1".equals(some) ? ".one" : ".many"), view.value(some)))
                .orElseGet(() -> view.say("sync.confirm"));
    }

    private @Nullable String rejections() {
        return rejecting == null ? null : "/admin/runs/" + rejecting + "#rejections";
    }

    List<Fact> facts(View view) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("sync.asOf", orNever(view, row.asOf())));
        facts.add(new Fact("sync.completed", orNever(view, completed)));
        facts.add(new Fact("sync.lastStart", orNever(view, lastStart)));
        facts.add(new Fact("sync.lastFull", orNever(view, lastFull)));
        facts.add(new Fact("sync.next", row.next(view)));
        return facts;
    }

    private static String orNever(View view, @Nullable Instant instant) {
        return instant == null ? view.say("state.never") : view.when(instant);
    }
}
