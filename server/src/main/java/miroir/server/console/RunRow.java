package miroir.server.console;

import java.time.Duration;
import java.time.Instant;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Run;
import org.jspecify.annotations.Nullable;

/** A run in a list. */
record RunRow(
        String id,
        boolean isFull,
        Badge badge,
        Instant began,
        @Nullable Instant ended,
        Counts counts) {
    static RunRow of(Run run) {
        return new RunRow(run.id(), run.full(), badge(run), run.began(), run.ended(), run.counts());
    }

    static Badge badge(Run run) {
        return switch (run.end()) {
            case RUNNING -> Badge.RUNNING;
            case STOPPED -> Badge.STOPPED;
            case FAILED -> Badge.BAD;
            case WAITING -> Badge.HELD;
            case DONE -> done(run.why(), run.counts());
            case ABANDONED -> Badge.ABANDONED;
        };
    }

    /** What may be rejected is no failure; where it was more, or something else is left for a person, it says so. */
    private static Badge done(@Nullable Cause why, Counts counts) {
        if (why == null) {
            return Badge.DONE;
        }
        boolean isOfRejects = why.said().isEmpty() ? counts.rejected() > 0 : why.has(Cause.Kind.REJECTS);
        return isOfRejects ? Badge.REJECTS : Badge.INCOMPLETE;
    }

    /** How many it rejected; empty: none. */
    String rejected(View view) {
        return counts.rejected() == 0 ? "" : view.count("rejected", counts.rejected());
    }

    String path() {
        return "/admin/runs/" + id;
    }

    String length(View view) {
        return ended == null ? "" : view.length(Duration.between(began, ended));
    }
}
