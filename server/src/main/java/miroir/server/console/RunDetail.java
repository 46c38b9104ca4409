package miroir.server.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Run;
import org.jspecify.annotations.Nullable;

/**
 * What one run did and said, as long as it goes on as well.
 *
 * @param isHeld whether what it held back waits for a person still
 */
record RunDetail(Run run, boolean isHeld) {
    /** What people look for, also where it is none. What else there was none of is not said. */
    private static final Set<String> ALWAYS = Set.of("received", "rejected");

    /** What it is called where it is asked for as it is now. */
    String fragment() {
        return "run:" + run.id();
    }

    RunRow row() {
        return RunRow.of(run);
    }

    List<PhaseRow> phases() {
        return PhaseRow.of(run);
    }

    @Nullable
    ToldCause told(View view) {
        Cause why = run.why();
        String name = run.synchronisation();
        return why == null
                ? null
                : new ToldCause(
                        why,
                        "technical",
                        ToldCause.sourceOf(name),
                        isHeld && view.administers()
                                ? "/admin/synchronisations/" + name.replace('/', '.') + "#held"
                                : null,
                        run.end() == Run.End.WAITING && !isHeld,
                        row().path() + "#rejections");
    }

    List<Fact> facts(View view) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("run.began", view.when(run.began())));
        facts.add(new Fact("run.ended", run.ended() == null ? "–" : view.when(run.ended())));
        facts.add(new Fact("run.length", row().length(view)));
        facts.add(new Fact("run.kind", view.say(run.full() ? "run.full" : "run.delta")));
        if (run.ended() == null) {
            facts.add(new Fact("run.phase", view.say("phase." + run.phase().name())));
        }
        for (Map.Entry<String, Long> count : run.counts().byName().entrySet()) {
            if (count.getValue() != 0 || ALWAYS.contains(count.getKey())) {
                facts.add(new Fact("run." + count.getKey(), view.number(count.getValue())));
            }
        }
        return facts;
    }
}
