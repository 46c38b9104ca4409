package miroir.sync.run;

import java.time.Instant;
import java.time.InstantSource;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Run;

/** Progress without a run. */
public final class MadeProgress {
    private MadeProgress() {}

    /** So many of so many were read in ten seconds. */
    public static Progress of(String synchronisation, long read, long total) {
        Instant[] now = {Instant.parse("2026-09-01T08:00:00Z")};
        InstantSource clock = () -> now[0];
        Progress progress = new Progress(Run.begun("run", synchronisation, true, "to show", now[0], now[0]), clock);
        progress.enter(Run.Phase.READING_AGAIN, total);
        progress.count(new Counts(1, 1, 0, read, read, 0, 0, 0, 0, 0, 0, 0, 0));
        now[0] = now[0].plusSeconds(10);
        return progress;
    }
}
