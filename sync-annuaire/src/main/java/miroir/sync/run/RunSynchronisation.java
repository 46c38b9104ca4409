package miroir.sync.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import miroir.index.Refusal;
import miroir.storage.MirroredResources;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.run.TakeIn.Taken;
import miroir.sync.state.Counts;
import miroir.sync.state.Definition;
import miroir.sync.state.Register;
import miroir.sync.state.Run;
import miroir.sync.state.Run.Phase;
import miroir.sync.state.Synchronisation;
import miroir.sync.upstream.Page;
import miroir.sync.upstream.TolerantReader;
import miroir.sync.upstream.Upstream;
import miroir.sync.window.DeltaRules;
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
 */
public final class RunSynchronisation {
    private static final Logger LOG = LoggerFactory.getLogger(RunSynchronisation.class);

    /** So many windows in a row that are not complete, and the run gives up. */
    private static final int RESTARTS = 40;

    private static final int TRIES_BEFORE_CUTTING = 2;
    private static final int FEW = 20;

    private final Definition definition;
    private final Upstream upstream;
    private final MirroredResources mirrored;
    private final Register register;
    private final Leadership leadership;
    private final RunSettings settings;
    private final InstantSource clock;
    private final BooleanSupplier stopped;
    private final TakeIn takeIn;
    private final AtomicInteger restartsInARow = new AtomicInteger();
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
        this.definition = definition;
        this.upstream = upstream;
        this.mirrored = mirrored;
        this.register = register;
        this.leadership = leadership;
        this.settings = settings;
        this.clock = clock;
        this.stopped = stopped;
        this.takeIn = new TakeIn(definition, mirrored, reader, leadership, stopped);
    }

    /** How far it is; null before it has begun. */
    public @Nullable Progress progress() {
        return progress;
    }

    /** Runs to the end; a failure is written down, if the lease allows it, and thrown as {@link RunEnded}. */
    public Run run(boolean full) {
        Run[] run = new Run[1];
        try {
            run[0] = open(full);
            progress = new Progress(run[0], clock);
            Run done = goOn(run[0]);
            LOG.info("{}: complete, {}", definition.name(), done.counts());
            return done;
        } catch (RuntimeException e) {
            RunEnded ended = RunEnded.of(e);
            if (ended.why() == Why.UNEXPECTED) {
                LOG.error("a run failed unexpectedly", e);
            }
            LOG.warn("{}: ended, {}: {}", definition.name(), ended.why(), ended.reason());
            if (ended.why() != Why.LEASE_LOST) {
                writeDown(run[0], ended);
            }
            throw ended;
        }
    }

    private void writeDown(@Nullable Run run, RunEnded ended) {
        try {
            if (run == null) {
                register.failed(leadership.lease(), definition.name(), ended.reason(), clock.instant());
                return;
            }
            Run.End how = switch (ended.why()) {
                case STOPPED -> Run.End.STOPPED;
                case GUARD -> Run.End.WAITING;
                default -> Run.End.FAILED;
            };
            register.suspend(leadership.lease(), run, how, ended.reason(), clock.instant());
        } catch (RuntimeException e) {
            // The run stays open as it is, and is gone on with by whoever leads next.
            LOG.warn("{}: how it ended could not be written down: {}", definition.name(), e.getMessage());
        }
    }

    /** The run that is open, unless it is too old or not what is wanted; otherwise a new one. */
    private Run open(boolean full) {
        Synchronisation known = register.find(definition.name())
                .orElseThrow(() -> new IllegalStateException(definition.name() + " is not in the register"));
        Run open = register.run(known.run()).filter(Run::isOpen).orElse(null);
        // The first page of a run: its date is the run's mark.
        Instant now =
                upstream.count(definition.type(), definition.query(""), stopped).date();
        if (open != null && isResumable(open, now) && (open.full() || !full)) {
            register.resume(leadership.lease(), open, clock.instant());
            LOG.info("{}: goes on with the run that began at {}", definition.name(), open.began());
            return open;
        }
        Run run = plan(known, full, now);
        register.begin(leadership.lease(), run, open);
        if (open != null) {
            mirrored.forgetSeen(open.id());
        }
        LOG.info("{}: begins, {}", definition.name(), run.full() ? "everything: " + run.reason() : "what changed");
        return run;
    }

    private boolean isResumable(Run open, Instant now) {
        Duration age = Duration.between(open.mark(), now);
        return !age.isNegative() && age.compareTo(settings.resumable()) < 0;
    }

    private Run plan(Synchronisation known, boolean full, Instant now) {
        Pass pass = rules().plan(known.mark(), now);
        String reason = pass instanceof Pass.Full whole ? whole.reason() : "";
        if (known.formerly() != null) {
            reason = "its source was at " + known.formerly() + " before";
        }
        Instant lastFull = known.lastFull();
        if (reason.isEmpty() && full) {
            reason = "it was asked for";
        }
        if (reason.isEmpty() && (lastFull == null || !now.isBefore(lastFull.plus(definition.fullEvery())))) {
            reason = "the last one began at " + lastFull + ", and one is due after " + definition.fullEvery();
        }
        return Run.begun(
                UUID.randomUUID().toString(), definition.name(), !reason.isEmpty(), reason, now, clock.instant());
    }

    private DeltaRules rules() {
        return new DeltaRules(definition.overlap(), settings.remembered());
    }

    private Run goOn(Run opened) {
        Run run = opened;
        if (run.phase() == Phase.COUNTING) {
            run = cut(run, firstPass(run), Phase.READING);
        }
        if (run.phase() == Phase.READING) {
            read(run);
            run = run.full() ? enter(run, Phase.COUNTING_AGAIN, List.of()) : run;
        }
        if (run.phase() == Phase.COUNTING_AGAIN) {
            Instant from = run.mark().minus(definition.overlap());
            Instant now = upstream.count(definition.type(), definition.query(""), stopped)
                    .date();
            run = cut(run, new Pass.Delta(new Window(from, now.plusSeconds(1))).windows(), Phase.READING_AGAIN);
        }
        if (run.phase() == Phase.READING_AGAIN) {
            read(run);
            run = enter(run, Phase.SWEEPING, List.of());
        }
        checkRejects(run);
        if (run.phase() == Phase.SWEEPING) {
            sweep(run);
        }
        register.done(leadership.lease(), run, clock.instant());
        if (run.full()) {
            mirrored.forgetSeen(run.id());
        }
        return current(run);
    }

    private List<Window> firstPass(Run run) {
        if (run.full()) {
            return new Pass.Full(run.mark(), run.reason()).windows();
        }
        Instant mark =
                register.find(definition.name()).map(Synchronisation::mark).orElse(null);
        return rules().plan(mark, run.mark()).windows();
    }

    private Run cut(Run run, List<Window> windows, Phase next) {
        boolean everything = run.full() && next == Phase.READING;
        long total = everything ? upstream.total(definition.type(), definition.query(""), stopped) : 0;
        List<Piece> pieces = new ArrayList<>();
        for (Window window : windows) {
            pieces.addAll(SplitWindow.split(window, this::count, settings.window()));
        }
        if (everything) {
            SplitWindow.requireAll(pieces, total);
        }
        return enter(run, next, pieces);
    }

    private long count(Window window) {
        return upstream.total(definition.type(), definition.query(window.query()), stopped);
    }

    private Run enter(Run run, Phase phase, List<Piece> pieces) {
        register.enter(leadership.lease(), run, phase, pieces);
        Progress watched = progress;
        if (watched != null) {
            watched.enter(phase, pieces.stream().mapToLong(Piece::count).sum());
        }
        return current(run);
    }

    private Run current(Run run) {
        return register.run(run.id()).orElseThrow();
    }

    private void read(Run run) {
        WorkQueue<Piece> queue = new WorkQueue<>(run.windows());
        queue.run(settings.readers(), "read-" + definition.type(), piece -> read(run, piece, queue));
    }

    private void read(Run run, Piece piece, WorkQueue<Piece> queue) {
        BooleanSupplier ends = () -> stopped.getAsBoolean() || queue.hasFailed();
        for (int attempt = 1; ; attempt++) {
            Reading reading = new Reading(run);
            Optional<String> missing;
            try {
                missing = new ReadWindow(definition, upstream, ends, reading::page).run(piece);
            } catch (RuntimeException e) {
                count(run, reading.taken);
                throw e;
            }
            if (missing.isEmpty()) {
                restartsInARow.set(0);
                takeIn.patiently(() -> {
                    register.complete(
                            leadership.lease(), run, piece, reading.taken.counts(), reading.taken.rejections());
                    return piece;
                });
                return;
            }
            restart(run, reading.taken, piece, missing.get());
            if (attempt % TRIES_BEFORE_CUTTING == 0
                    && piece.count() > FEW
                    && !piece.window().isNarrowest()) {
                List<Piece> parts = SplitWindow.split(piece.window(), this::count, Math.max(1, piece.count() / 2));
                register.replace(leadership.lease(), run, piece, parts);
                queue.add(parts);
                return;
            }
        }
    }

    private void restart(Run run, Taken taken, Piece piece, String missing) {
        LOG.info("{}: {} is read again: {}", definition.name(), piece.window(), missing);
        count(run, taken.and(new Taken(Counts.restart(), List.of())));
        if (restartsInARow.incrementAndGet() > RESTARTS) {
            throw new RunEnded(
                    Why.INCOMPLETE,
                    RESTARTS + " windows in a row were not complete; the last, " + piece.window() + ": " + missing);
        }
    }

    private void count(Run run, Taken taken) {
        try {
            register.count(leadership.lease(), run, taken.counts(), taken.rejections());
        } catch (Refusal | RunEnded e) {
            LOG.debug("counts of {} are lost", run.id(), e);
        }
    }

    /** What one reading of a window brought. */
    private final class Reading {
        private final Run run;
        private Taken taken = Taken.NOTHING;

        Reading(Run run) {
            this.run = run;
        }

        void page(Page page) {
            if (stopped.getAsBoolean()) {
                throw new RunEnded(Why.STOPPED, "told to stop");
            }
            Taken now = takeIn.store(page.entries());
            if (run.full()) {
                takeIn.markSeen(run.id(), page.entries());
            }
            Counts call = new Counts(1, page.bytes(), 0, 0, 0, 0, 0, 0, 0, 0, 0);
            taken = taken.and(now).and(new Taken(call, List.of()));
            watch(now.counts().and(call));
        }
    }

    private void watch(Counts counts) {
        Progress watched = progress;
        if (watched != null) {
            watched.count(counts);
        }
    }

    private void checkRejects(Run run) {
        Counts counts = current(run).counts();
        if (counts.rejected() > FEW && counts.rejected() > definition.rejects() * counts.received()) {
            throw new RunEnded(
                    Why.REJECTS,
                    counts.rejected() + " of " + counts.received() + " resources cannot be stored, more than "
                            + definition.rejects() * 100 + " %; why: ./miroir sync rejections "
                            + definition.name());
        }
    }

    private void sweep(Run run) {
        boolean confirmed = register.find(definition.name())
                .map(known -> run.id().equals(known.confirmed()))
                .orElse(false);
        Taken taken = new SweepAbsent(definition, upstream, mirrored, takeIn, stopped).run(run.id(), confirmed);
        register.count(leadership.lease(), run, taken.counts(), taken.rejections());
        watch(taken.counts());
    }
}
