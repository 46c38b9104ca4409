package miroir.server.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import miroir.storage.sync.Run;
import miroir.storage.sync.Run.Entered;
import org.jspecify.annotations.Nullable;

/**
 * A phase of a run, and where it stands in a bar of the whole run.
 *
 * @param length null: it goes on
 * @param left where it begins in the bar
 */
record PhaseRow(String phase, Instant began, @Nullable Duration length, int left, int width) {
    /** How long the whole bar is. */
    static final int BAR = 240;

    private static final int THINNEST = 2;
    private static final long SECOND = 1_000;

    /** All phases of a run that it tells of, in their order. */
    static List<PhaseRow> of(Run run) {
        List<PhaseRow> rows = new ArrayList<>();
        List<Entered> phases = run.phases();
        for (int i = 0; i < phases.size(); i++) {
            Instant end = i + 1 < phases.size() ? phases.get(i + 1).at() : run.ended();
            rows.add(row(phases, i, end, last(run)));
        }
        return rows;
    }

    /** Until when something is known of it. */
    private static Instant last(Run run) {
        Instant entered = run.phases().get(run.phases().size() - 1).at();
        Run.Shown shown = run.shown();
        Instant told = Objects.requireNonNullElse(run.ended(), shown == null ? entered : shown.at());
        return told.isAfter(entered) ? told : entered;
    }

    private static PhaseRow row(List<Entered> phases, int place, @Nullable Instant end, Instant last) {
        Entered entered = phases.get(place);
        Instant first = phases.get(0).at();
        long whole = Math.max(1, Duration.between(first, last).toMillis());
        int left = place(first, entered.at(), whole);
        int right = place(first, end == null ? last : end, whole);
        int begin = Math.min(left, BAR - THINNEST);
        return new PhaseRow(
                entered.phase().name(),
                entered.at(),
                end == null ? null : Duration.between(entered.at(), end),
                begin,
                Math.max(THINNEST, right - begin));
    }

    private static int place(Instant first, Instant at, long whole) {
        long millis = Math.max(0, Duration.between(first, at).toMillis());
        return (int) Math.min(BAR, BAR * millis / whole);
    }

    /** How long it took; of what goes on, that it does. */
    String length(View view) {
        if (length == null) {
            return view.say("state.running");
        }
        return length.toMillis() < SECOND ? view.say("length.moment") : view.length(length);
    }
}
