package miroir.server.console;

import java.time.Duration;
import java.time.Instant;
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
            case DONE -> run.counts().rejected() == 0 ? Badge.DONE : Badge.REJECTS;
            case ABANDONED -> Badge.ABANDONED;
        };
    }

    String path() {
        return "/admin/runs/" + id;
    }

    String length(View view) {
        return ended == null ? "" : view.length(Duration.between(began, ended));
    }
}
