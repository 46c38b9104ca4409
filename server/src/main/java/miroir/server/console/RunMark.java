package miroir.server.console;

import java.util.List;
import miroir.storage.sync.Run;

/**
 * A run in the bar of the last ones.
 *
 * @param place of it, from the left, the oldest first
 * @param height by what it changed, in steps of ten times as much
 * @param badge what came of it
 * @param hasRejections whether it rejected anything, be it no more than it may
 */
record RunMark(int place, int height, Badge badge, boolean hasRejections) {
    private static final int LOWEST = 6;
    private static final int HIGHEST = 20;
    private static final int STEP = 3;

    static RunMark of(int place, Run run) {
        long changed =
                run.counts().created() + run.counts().updated() + run.counts().removed();
        int height = Math.min(HIGHEST, LOWEST + STEP * (int) Math.ceil(Math.log10(changed + 1.0)));
        return new RunMark(place, height, RunRow.badge(run), run.counts().rejected() > 0);
    }

    /** Class of the stylesheet. */
    String kind() {
        return badge.kind();
    }

    /** What the bar shows, for who does not see it: all that is red, and what rejected anything. */
    static String summary(View view, List<RunMark> runs, String name) {
        long failed =
                runs.stream().filter(run -> run.kind().equals(Badge.BAD.kind())).count();
        long rejecting = runs.stream().filter(RunMark::hasRejections).count();
        String summary = view.say("sync.bar", name, view.count("runs", runs.size()), view.count("failed", failed));
        return rejecting == 0 ? summary : summary + ", " + view.count("rejecting", rejecting);
    }
}
