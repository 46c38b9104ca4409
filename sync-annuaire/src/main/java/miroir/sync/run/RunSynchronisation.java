package miroir.sync.run;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import miroir.storage.FirstLoad;
import miroir.storage.MirroredResources;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Held;
import miroir.storage.sync.Piece;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.sync.Run.Phase;
import miroir.storage.sync.Synchronisation;
import miroir.storage.sync.Window;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.upstream.TolerantReader;
import miroir.sync.upstream.Upstream;
import miroir.sync.window.Pass;
import miroir.sync.window.SplitWindow;
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
    private static final int COUNTS = 3;

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
        Leadership same = new SameLease(leadership);
        RunLog log = new RunLog(definition.name(), register, same, clock, upstream::withoutKey);
        this.parts = new RunParts(definition, upstream, mirrored, register, same, settings, clock, log, stopped);
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
        parts.log().says("complete, " + outcome.run().counts());
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
        parts.log().warns("ended, " + ended.why() + ": " + ended.reason());
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
                countRetries(run, ended);
                parts.register().fail(parts.lease(), name(), run, ended.cause().with(parts.log()::hidden), parts.now());
            }
        } catch (RuntimeException e) {
            // The run stays open as it is, and is gone on with by whoever leads next.
            LOG.warn("{}: how it ended could not be written down: {}", name(), e.getMessage());
        }
    }

    /** Those of what never came are in no count of a page. */
    private void countRetries(@Nullable Run run, RunEnded ended) {
        if (run != null && ended.retries() > 0) {
            parts.register().count(parts.lease(), run, Counts.retries(ended.retries()), List.of());
        }
    }

    private Outcome goOn(Run opened) {
        release(opened);
        Run run = opened;
        if (run.phase() == Phase.COUNTING) {
            if (!run.full()) {
                requireSome();
            }
            run = cut(run, firstPass(run), Phase.READING);
        }
        if (run.phase() == Phase.READING) {
            readFirst(run);
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
        return enter(
                run, next, everything ? parts.counting().orInOnePiece(() -> everything(windows)) : pieces(windows));
    }

    private List<Piece> pieces(List<Window> windows) {
        List<Piece> pieces = new ArrayList<>();
        for (Window window : windows) {
            pieces.addAll(
                    SplitWindow.split(window, parts::count, parts.settings().window()));
        }
        return pieces;
    }

    /** Things change while they are counted, and counts are wrong at times; so what does not add up is counted once more. */
    private List<Piece> everything(List<Window> windows) {
        long total = parts.total();
        List<Piece> pieces = pieces(windows);
        if (!SplitWindow.isAll(pieces, total)) {
            total = parts.total();
            pieces = pieces(windows);
            SplitWindow.requireAll(pieces, total);
        }
        return pieces;
    }

    /** A delta from an upstream that was emptied, to be loaded anew, would find that nothing changed. */
    private void requireSome() {
        if (parts.total() > 0 || parts.count(Window.ALWAYS) > 0) {
            return;
        }
        long owned = parts.mirrored().owned(name(), parts.definition().type());
        if (owned > SweepAbsent.ALWAYS_ALLOWED) {
            throw new RunEnded(
                    Why.INCOMPLETE,
                    Cause.of(
                            Cause.Kind.EMPTIED,
                            "the upstream has none, and here are " + owned + ". If that is right: ./miroir sync full "
                                    + name() + ", and confirm what it holds back",
                            owned));
        }
    }

    private Run enter(Run run, Phase phase, List<Piece> pieces) {
        parts.register().enter(parts.lease(), run, phase, pieces, parts.now());
        long more = pieces.stream().mapToLong(Piece::count).sum();
        parts.log().says(words(phase, more, pieces.size()));
        Progress watched = progress;
        if (watched != null) {
            watched.enter(phase, more);
        }
        return parts.current(run);
    }

    private static String words(Phase phase, long resources, int windows) {
        String these = resources + " resources in " + windows + (windows == 1 ? " window" : " windows");
        return switch (phase) {
            case COUNTING -> "counts";
            case READING -> "reads " + these;
            case COUNTING_AGAIN -> "everything is read; counts what changed meanwhile";
            case READING_AGAIN -> "reads again " + these;
            case SWEEPING -> "looks for what the upstream has no more";
        };
    }

    /** Where nothing is there and much is to come, it goes without the indexes of searches, which are made when everything is there. */
    private void readFirst(Run run) {
        boolean isFirst = run.full() && parts.known().lastFull() == null;
        Optional<FirstLoad> first = isFirst && run.total() >= parts.settings().indexesLast()
                ? takeIn.patiently(
                        () -> parts.mirrored().firstLoad(parts.definition().type()))
                : Optional.empty();
        if (first.isEmpty()) {
            read(run);
            return;
        }
        try (FirstLoad load = first.get()) {
            parts.log()
                    .says("the indexes of searches are made when everything is there; searches are refused until then");
            read(run);
            parts.log().says("makes the indexes of searches");
            takeIn.patiently(() -> {
                load.finish();
                return run;
            });
        }
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
            sweepAbsent.run(held.run(), run, this::watch);
            parts.register().release(parts.lease(), run);
            parts.mirrored().forgetSeen(held.run());
        }
    }

    private Outcome sweep(Run run) {
        Held before = parts.known().held();
        Optional<Cause> tooMany = sweepAbsent.tooMany(run.id());
        Outcome outcome;
        if (tooMany.isPresent()) {
            parts.register().hold(parts.lease(), run, tooMany.get(), complaint(run), parts.now());
            outcome = new Outcome(parts.current(run), new RunEnded(Why.GUARD, tooMany.get()));
        } else {
            sweepAbsent.run(run.id(), run, this::watch);
            outcome = finish(run);
            parts.mirrored().forgetSeen(run.id());
        }
        if (before != null) {
            parts.mirrored().forgetSeen(before.run());
        }
        return outcome;
    }

    private Outcome finish(Run run) {
        Cause complaint = complaint(run);
        parts.register().done(parts.lease(), run, complaint, parts.now());
        return new Outcome(parts.current(run), complaint == null ? null : new RunEnded(Why.REJECTS, complaint));
    }

    private @Nullable Cause complaint(Run run) {
        Cause rejected = rejected(run).orElse(null);
        Cause unselected = run.full() ? unselected(run).orElse(null) : null;
        return rejected == null
                ? unselected
                : unselected == null ? rejected : rejected.and(unselected, rejected.text() + ". " + unselected.text());
    }

    private Optional<Cause> rejected(Run run) {
        Counts counts = parts.current(run).counts();
        double allowed = parts.definition().rejects();
        return counts.rejected() > FEW && counts.rejected() > allowed * counts.received()
                ? Optional.of(Cause.of(
                        Cause.Kind.REJECTS,
                        counts.rejected() + " of " + counts.received()
                                + " resources cannot be stored, more than " + allowed * 100
                                + " %; the others are. Why: ./miroir sync rejections " + name()
                                + "; the next full pass tries them again",
                        counts.rejected(),
                        counts.received(),
                        Cause.percent(allowed)))
                : Optional.empty();
    }

    /**
     * What no window selects was not asked for, and will not be. A few such resources are no reason to copy none; whoever looks on
     * must know. What vanishes between two counts is not among them, so they have to be found again.
     */
    private Optional<Cause> unselected(Run run) {
        long total;
        long selected;
        int counts = 0;
        do {
            total = parts.total();
            selected = selected(run);
        } while (total > selected && ++counts < COUNTS);
        return total <= selected
                ? Optional.empty()
                : Optional.of(Cause.of(
                        Cause.Kind.UNSELECTED,
                        (total - selected) + " of " + total
                                + " resources are in no window of _lastUpdated, and are not copied: the upstream has to stamp them",
                        total - selected,
                        total));
    }

    /** All, where there are no windows. */
    private long selected(Run run) {
        List<Window> windows = new Pass.Full(run.mark(), run.reason()).windows();
        return parts
                .counting()
                .orInOnePiece(() -> windows.stream()
                        .map(window -> new Piece(window, parts.count(window)))
                        .toList())
                .stream()
                .mapToLong(Piece::count)
                .sum();
    }
}
