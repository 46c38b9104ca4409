package miroir.sync.run;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import miroir.storage.MirroredResources;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.run.TakeIn.Taken;
import miroir.sync.state.Counts;
import miroir.sync.state.Definition;
import miroir.sync.state.Held;
import miroir.sync.state.Register;
import miroir.sync.state.Run;
import miroir.sync.state.Run.Phase;
import miroir.sync.state.Synchronisation;
import miroir.sync.upstream.TolerantReader;
import miroir.sync.upstream.Upstream;
import miroir.sync.window.Pass;
import miroir.sync.window.SplitWindow;
import miroir.sync.window.SplitWindow.Piece;
import miroir.sync.window.Window;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the copy up to the upstream as it is when the run begins.
 *
 * <p>A run goes through phases, and the database knows in which it is and which windows are left: counting cuts what is to be
 * read into windows, reading reads them. A delta ends there. A full pass then does the same with what changed since it
 * began, and removes what neither of them saw. Whatever is done twice, because a process was killed before it could write
 * that it was done, changes nothing the second time; so a run is gone on with by whoever finds it open.
 *
 * <p>Where everything was read and something is left for a person, too many removals or too many resources that cannot be stored,
 * the run is complete all the same: an open one would hold up the deltas after it until somebody comes.
 */
public final class RunSynchronisation {
    private static final Logger LOG = LoggerFactory.getLogger(RunSynchronisation.class);
    private static final int FEW = 20;

    private final RunParts parts;
    private final TakeIn takeIn;
    private final SweepAbsent sweepAbsent;
    private volatile @Nullable Progress progress;

    public RunSynchronisation(
            Definition definition,
            Upstream upstream,
            MirroredResources mirrored,
            TolerantReader reader,
            Register register,
            Leadership leadership,
            RunSettings settings,
            InstantSource clock,
            BooleanSupplier stopped) {
        this.parts = new RunParts(
                definition, upstream, mirrored, register, new SameLease(leadership), settings, clock, stopped);
        this.takeIn = new TakeIn(parts, reader);
        this.sweepAbsent = new SweepAbsent(parts, takeIn);
    }

    /** How far it is; null before it has begun. */
    public @Nullable Progress progress() {
        return progress;
    }

    /** A run that is over, and what is wrong with it all the same. */
    private record Outcome(Run run, @Nullable RunEnded complaint) {}

    /** Runs to the end; a failure is written down, if the lease allows it, and thrown as {@link RunEnded}. */
    public Run run(boolean full) {
        Run run = attempt(() -> new OpenRun(parts).run(full), ended -> fail(null, ended));
        progress = new Progress(run, parts.clock());
        Outcome outcome = attempt(() -> goOn(run), ended -> fail(run, ended));
        if (outcome.complaint() != null) {
            throw logged(outcome.complaint());
        }
        LOG.info("{}: complete, {}", name(), outcome.run().counts());
        return outcome.run();
    }

    private String name() {
        return parts.definition().name();
    }

    private <T> T attempt(Supplier<T> work, Consumer<RunEnded> failed) {
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            RunEnded ended = logged(RunEnded.of(e));
            failed.accept(ended);
            throw ended;
        }
    }

    private RunEnded logged(RunEnded ended) {
        LOG.warn("{}: ended, {}: {}", name(), ended.why(), ended.reason());
        if (ended.why() == Why.UNEXPECTED) {
            LOG.error("a run failed unexpectedly", ended);
        }
        return ended;
    }

    private void fail(@Nullable Run run, RunEnded ended) {
        try {
            if (ended.why() == Why.STOPPED && run != null) {
                parts.register().suspend(parts.lease(), run, parts.now());
            } else if (ended.why() != Why.STOPPED && ended.why() != Why.LEASE_LOST) {
                parts.register().fail(parts.lease(), name(), run, ended.reason(), parts.now());
            }
        } catch (RuntimeException e) {
            // The run stays open as it is, and is gone on with by whoever leads next.
            LOG.warn("{}: how it ended could not be written down: {}", name(), e.getMessage());
        }
    }

    private Outcome goOn(Run opened) {
        release(opened);
        Run run = opened;
        if (run.phase() == Phase.COUNTING) {
            run = cut(run, firstPass(run), Phase.READING);
        }
        if (run.phase() == Phase.READING) {
            read(run);
            run = run.full() ? enter(run, Phase.COUNTING_AGAIN, List.of()) : run;
        }
        if (run.phase() == Phase.COUNTING_AGAIN) {
            Instant from = run.mark().minus(parts.definition().overlap());
            Instant to = parts.upstreamNow().plusSeconds(1);
            run = cut(run, new Pass.Delta(new Window(from, to)).windows(), Phase.READING_AGAIN);
        }
        if (run.phase() == Phase.READING_AGAIN) {
            read(run);
            run = enter(run, Phase.SWEEPING, List.of());
        }
        return run.phase() == Phase.SWEEPING ? sweep(run) : finish(run);
    }

    private List<Window> firstPass(Run run) {
        return run.full()
                ? new Pass.Full(run.mark(), run.reason()).windows()
                : parts.rules().plan(parts.known().mark(), run.mark()).windows();
    }

    private Run cut(Run run, List<Window> windows, Phase next) {
        boolean everything = run.full() && next == Phase.READING;
        long total = everything ? parts.total() : 0;
        List<Piece> pieces = new ArrayList<>();
        for (Window window : windows) {
            pieces.addAll(
                    SplitWindow.split(window, parts::count, parts.settings().window()));
        }
        if (everything) {
            SplitWindow.requireAll(pieces, total);
        }
        return enter(run, next, pieces);
    }

    private Run enter(Run run, Phase phase, List<Piece> pieces) {
        parts.register().enter(parts.lease(), run, phase, pieces);
        Progress watched = progress;
        if (watched != null) {
            watched.enter(phase, pieces.stream().mapToLong(Piece::count).sum());
        }
        return parts.current(run);
    }

    private void read(Run run) {
        new ReadWindows(parts, takeIn, run, this::watch).run();
    }

    private void watch(Counts counts) {
        Progress watched = progress;
        if (watched != null) {
            watched.count(counts);
        }
    }

    /** What an earlier run held back, and a person allowed. */
    private void release(Run run) {
        Synchronisation known = parts.known();
        Held held = known.held();
        if (held != null && known.isReleased()) {
            Taken taken = sweepAbsent.run(held.run());
            watch(taken.counts());
            parts.register().release(parts.lease(), run, taken.counts(), taken.rejections());
            parts.mirrored().forgetSeen(held.run());
        }
    }

    private Outcome sweep(Run run) {
        Held before = parts.known().held();
        Optional<String> tooMany = sweepAbsent.tooMany(run.id());
        Outcome outcome;
        if (tooMany.isPresent()) {
            parts.register().hold(parts.lease(), run, tooMany.get(), parts.now());
            outcome = new Outcome(parts.current(run), new RunEnded(Why.GUARD, tooMany.get()));
        } else {
            Taken taken = sweepAbsent.run(run.id());
            parts.register().count(parts.lease(), run, taken.counts(), taken.rejections());
            watch(taken.counts());
            outcome = finish(run);
            parts.mirrored().forgetSeen(run.id());
        }
        if (before != null) {
            parts.mirrored().forgetSeen(before.run());
        }
        return outcome;
    }

    private Outcome finish(Run run) {
        Counts counts = parts.current(run).counts();
        String complaint = counts.rejected() > FEW
                        && counts.rejected() > parts.definition().rejects() * counts.received()
                ? counts.rejected() + " of " + counts.received() + " resources cannot be stored, more than "
                        + parts.definition().rejects() * 100
                        + " %; the others are. Why: ./miroir sync rejections " + name()
                        + "; the next full pass tries them again"
                : null;
        parts.register().done(parts.lease(), run, complaint, parts.now());
        return new Outcome(parts.current(run), complaint == null ? null : new RunEnded(Why.REJECTS, complaint));
    }
}
