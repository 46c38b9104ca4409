package miroir.server.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import miroir.storage.sync.Rejection;
import miroir.storage.sync.Run;
import org.jspecify.annotations.Nullable;

/** One run: what it did, and what it could not take. */
record RunPage(View view, Run run) {
    String name() {
        return run.synchronisation();
    }

    String parent() {
        return "/admin/synchronisations/" + run.synchronisation().replace('/', '.');
    }

    RunRow row() {
        return RunRow.of(run);
    }

    @Nullable
    String cause() {
        return run.cause();
    }

    List<Rejection> rejections() {
        return run.rejections();
    }

    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("run.began", view.when(run.began())));
        facts.add(new Fact("run.ended", run.ended() == null ? "–" : view.when(run.ended())));
        facts.add(new Fact("run.length", row().length(view)));
        facts.add(new Fact("run.kind", view.say(run.full() ? "run.full" : "run.delta")));
        facts.add(new Fact("run.phase", view.say("phase." + run.phase().name())));
        for (Map.Entry<String, Long> count : run.counts().byName().entrySet()) {
            facts.add(new Fact("run." + count.getKey(), view.number(count.getValue())));
        }
        return facts;
    }
}
