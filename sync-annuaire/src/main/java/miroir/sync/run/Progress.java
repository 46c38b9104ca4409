package miroir.sync.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Run;

/** How far a run is, for whoever watches this process. */
public final class Progress {
    private final String run;
    private final String synchronisation;
    private final InstantSource clock;
    private final Instant began;
    private final long before;
    private Counts counts = Counts.NONE;
    private Run.Phase phase;
    private long total;

    Progress(Run run, InstantSource clock) {
        this.run = run.id();
        this.synchronisation = run.synchronisation();
        this.clock = clock;
        this.began = clock.instant();
        this.phase = run.phase();
        this.total = run.total();
        long left = run.windows().stream().mapToLong(piece -> piece.count()).sum();
        this.before = Math.max(0, run.total() - left);
    }

    synchronized void enter(Run.Phase entered, long more) {
        phase = entered;
        total += more;
    }

    synchronized void count(Counts more) {
        counts = counts.and(more);
    }

    /** The id of the run. */
    public String run() {
        return run;
    }

    public String synchronisation() {
        return synchronisation;
    }

    public synchronized Run.Phase phase() {
        return phase;
    }

    /** What this process did. */
    public synchronized Counts counts() {
        return counts;
    }

    /** How many resources there are to read. */
    public synchronized long total() {
        return total;
    }

    /** How many of them were read, by this process or before it. */
    public synchronized long read() {
        return Math.min(total, before + counts().received());
    }

    /** Resources in a second. */
    public double rate() {
        double seconds = Duration.between(began, clock.instant()).toMillis() / 1e3;
        return seconds <= 0 ? 0 : counts().received() / seconds;
    }

    /** How long the rest takes at that rate; empty where that cannot be said. */
    public Optional<Duration> left() {
        double rate = rate();
        return rate < 0.1 || total == 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds((long) ((total - read()) / rate)));
    }
}
