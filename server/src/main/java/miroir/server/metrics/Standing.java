package miroir.server.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.List;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;

/**
 * A synchronisation as it stands.
 *
 * @param running the run that goes on; null: none does
 * @param runs its last ones, the newest first
 */
record Standing(Synchronisation synchronisation, @Nullable Run running, List<Run> runs) {
    private static final int NAMED_PARTS = 3;

    Standing {
        runs = List.copyOf(runs);
    }

    static Standing of(Synchronisation each, List<Run> runs, boolean isLed) {
        Run running = runs.stream()
                .filter(run -> isLed && run.id().equals(each.run()) && run.end() == Run.End.RUNNING)
                .findFirst()
                .orElse(null);
        return new Standing(each, running, runs);
    }

    /** What tells it apart; the part is empty where all of a type is copied. */
    Tags tags() {
        String[] parts = synchronisation.name().split("/", NAMED_PARTS);
        return Tags.of(
                "source",
                synchronisation.definition().source(),
                "type",
                synchronisation.definition().type(),
                "part",
                parts.length == NAMED_PARTS ? parts[2] : "");
    }

    /** What the last run that is over rejected. */
    long rejected() {
        return runs.stream()
                .filter(run -> run.ended() != null)
                .findFirst()
                .map(run -> run.counts().rejected())
                .orElse(0L);
    }

    long runsThat(Run.End end) {
        return runs.stream().filter(run -> run.end() == end).count();
    }
}
