package miroir.server.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import miroir.server.admin.Written;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;

/**
 * A synchronisation as people see it.
 *
 * @param badge the most urgent of what can be said of it
 * @param isAsked whether something is asked of the daemon that it has not done yet
 * @param progress of the run that goes on; null: none does
 * @param asOf by the source's clock: everything that it had then is here
 * @param due when it runs next, by its schedule; null: as soon as somebody leads, or never where it is stopped
 * @param lastEnd when the last run ended, whatever came of it
 */
record SynchronisationRow(
        String name,
        String schedule,
        Badge badge,
        boolean isAsked,
        boolean isStopped,
        boolean isRunning,
        @Nullable RunProgress progress,
        @Nullable Instant asOf,
        @Nullable Instant due,
        @Nullable Instant lastEnd,
        @Nullable Counts lastCounts,
        List<RunMark> runs) {
    /** After that what failed is tried again, unless the daemon's file says otherwise. */
    private static final Duration RETRY = Duration.ofMinutes(5);

    SynchronisationRow {
        runs = List.copyOf(runs);
    }

    /**
     * The row.
     *
     * @param last its last runs, the newest first
     */
    static SynchronisationRow of(Synchronisation each, List<Run> last, boolean isLed, boolean isAsked, Instant now) {
        Run open = last.stream()
                .filter(run -> run.id().equals(each.run()) && run.end() == Run.End.RUNNING)
                .findFirst()
                .orElse(null);
        boolean isRunning = open != null && isLed;
        Run ended = last.stream().filter(run -> run.ended() != null).findFirst().orElse(null);
        List<RunMark> marks = new ArrayList<>();
        for (int i = last.size() - 1; i >= 0; i--) {
            marks.add(RunMark.of(marks.size(), last.get(i)));
        }
        return new SynchronisationRow(
                each.name(),
                Written.schedule(each.definition().schedule()),
                badge(each, isRunning, now),
                isAsked,
                each.stopped(),
                isRunning,
                open == null || !isRunning ? null : RunProgress.of(open),
                each.mark(),
                each.stopped() || each.lastStart() == null ? null : later(each.due(RETRY), now),
                ended == null ? null : ended.ended(),
                ended == null ? null : ended.counts(),
                marks);
    }

    private static @Nullable Instant later(Instant due, Instant now) {
        return due.isAfter(now) ? due : null;
    }

    private static Badge badge(Synchronisation each, boolean isRunning, Instant now) {
        if (isRunning) {
            return Badge.RUNNING;
        }
        return switch (each.state()) {
            case STOP -> Badge.STOPPED;
            case KO -> each.isToConfirm() ? Badge.WAITING : Badge.BAD;
            case OK -> each.isLate(now) ? Badge.LATE : each.lastStart() == null ? Badge.NEVER : Badge.GOOD;
        };
    }

    /** Its name, which may be long, where it may be broken: behind each slash. */
    List<String> parts() {
        return List.of(name.split("(?<=/)"));
    }

    /** As it stands in paths. */
    String dotted() {
        return name.replace('/', '.');
    }

    /** As it stands in ids of elements. */
    String id() {
        return name.replace('/', '-');
    }

    String path() {
        return "/admin/synchronisations/" + dotted();
    }

    /** What can be asked of it now. */
    List<String> verbs() {
        return isStopped || !isRunning
                ? isStopped ? List.of("start") : List.of("start", "full", "stop")
                : List.of("stop");
    }

    /** Its schedule in words, where it is an interval of whole units. */
    String often(View view) {
        return Interval.of(schedule).map(every -> every.often(view)).orElse(schedule);
    }

    String next(View view) {
        if (isStopped) {
            return "–";
        }
        return due == null ? view.say(isRunning ? "sync.running" : "sync.soon") : view.when(due);
    }

    /** What the last run did, in one line. */
    String last(View view) {
        Counts counts = lastCounts;
        return counts == null || lastEnd == null
                ? ""
                : view.say(
                        "sync.last",
                        view.number(counts.created() + counts.updated()),
                        view.number(counts.removed()),
                        view.number(counts.rejected()));
    }
}
