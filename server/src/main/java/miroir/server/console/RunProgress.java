package miroir.server.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import miroir.storage.sync.Run;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is.
 *
 * @param phase what it does
 * @param total at least 1
 * @param rate resources in a second; 0: not known
 */
record RunProgress(String phase, long read, long total, double rate) {
    private static final double SLOWEST = 0.1;

    static RunProgress of(Run run) {
        Run.Shown shown = run.shown();
        return new RunProgress(
                run.phase().name(), run.read(), Math.max(1, run.total()), shown == null ? 0 : shown.rate());
    }

    /** In one line: what it does, how much of how much, how fast, how long it will take. */
    String words(View view) {
        List<String> words = new ArrayList<>();
        words.add(view.say("phase." + phase));
        words.add(view.say("progress.of", view.number(read), view.number(total)));
        if (rate >= SLOWEST) {
            words.add(view.say("progress.rate", view.number(Math.round(rate))));
            Duration left = left();
            if (left != null) {
                words.add(view.say("progress.left", view.length(left)));
            }
        }
        return String.join(" · ", words);
    }

    private @Nullable Duration left() {
        return read >= total ? null : Duration.ofSeconds(Math.round((total - read) / rate));
    }
}
