package miroir.sync.run;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import miroir.index.Refusal;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Piece;
import miroir.storage.sync.Run;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.run.TakeIn.Stored;
import miroir.sync.run.TakeIn.Taken;
import miroir.sync.upstream.OnBehalf;
import miroir.sync.upstream.Page;
import miroir.sync.window.SplitWindow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the windows that a run has left, several at a time, and strikes each off the list once it was complete. */
final class ReadWindows {
    private static final Logger LOG = LoggerFactory.getLogger(ReadWindows.class);

    /** So many windows in a row that are not complete, and the run gives up. */
    private static final int RESTARTS = 40;

    private static final int TRIES_BEFORE_CUTTING = 2;

    private final RunParts parts;
    private final TakeIn takeIn;
    private final AskByIds askByIds;
    private final Run run;
    private final Consumer<Counts> watch;
    private final WorkQueue<Piece> queue;
    private final AtomicInteger restartsInARow = new AtomicInteger();

    /**
     * One phase.
     *
     * @param run as it is written down, with the windows that are left
     * @param watch is told what each page brought
     */
    ReadWindows(RunParts parts, TakeIn takeIn, Run run, Consumer<Counts> watch) {
        this.parts = parts;
        this.takeIn = takeIn;
        this.askByIds = new AskByIds(parts);
        this.run = run;
        this.watch = watch;
        this.queue = new WorkQueue<>(run.windows());
    }

    void run() {
        queue.run(parts.settings().readers(), "read-" + parts.definition().type(), this::read);
        int left = parts.current(run).windows().size();
        if (left > 0) {
            throw new IllegalStateException("the readers have ended, and " + left + " windows are not read");
        }
    }

    private void read(Piece piece) {
        OnBehalf whom = parts.whom(() -> parts.stopped().getAsBoolean() || queue.hasFailed());
        for (int attempt = 1; ; attempt++) {
            Reading reading = new Reading();
            Optional<Cause> missing;
            try {
                missing = new ReadWindow(parts.definition(), parts.upstream(), whom, reading::page).run(piece);
            } catch (RuntimeException e) {
                count(reading.taken);
                throw e;
            }
            if (missing.isEmpty()) {
                complete(piece, reading.taken);
                return;
            }
            restart(piece, reading.taken, missing.get());
            if (attempt % TRIES_BEFORE_CUTTING == 0 && piece.isDivisible()) {
                cut(piece);
                return;
            }
        }
    }

    private void complete(Piece piece, Taken taken) {
        restartsInARow.set(0);
        takeIn.patiently(() -> {
            parts.register().complete(parts.lease(), run, piece, taken.counts(), taken.rejections());
            return piece;
        });
    }

    private void cut(Piece piece) {
        List<Piece> halves = SplitWindow.split(piece.window(), parts::count, Math.max(1, piece.count() / 2));
        parts.register().replace(parts.lease(), run, piece, halves);
        queue.add(halves);
    }

    private void restart(Piece piece, Taken taken, Cause missing) {
        parts.log().says(piece.window() + " is read again: " + missing.text());
        count(taken.and(Taken.of(Counts.restart())));
        if (restartsInARow.incrementAndGet() > RESTARTS) {
            String text = RESTARTS + " windows in a row were not complete; the last, " + piece.window() + ": "
                    + missing.text();
            throw new RunEnded(
                    Why.INCOMPLETE,
                    Cause.of(Cause.Kind.NOT_WHOLE, text, RESTARTS).and(missing, text));
        }
    }

    private void count(Taken taken) {
        try {
            parts.register().count(parts.lease(), run, taken.counts(), taken.rejections());
        } catch (Refusal | RunEnded e) {
            LOG.debug("counts of {} are lost", run.id(), e);
        }
    }

    /** What one reading of a window brought. */
    private final class Reading {
        private Taken taken = Taken.NOTHING;

        void page(Page page) {
            parts.checkStopped();
            Stored stored = takeIn.store(page.entries());
            Taken now = stored.taken().and(Taken.of(Counts.page(page.bytes(), page.retries())));
            if (run.full()) {
                takeIn.markSeen(run.id(), page.entries());
            }
            if (run.phase() == Run.Phase.READING && run.full()) {
                now = now.and(settle(stored.disputed()));
            }
            taken = taken.and(now);
            watch.accept(now.counts());
        }
    }

    /**
     * What the upstream stamps earlier than what is here, with another content, may be a page that was overtaken by another one, or
     * an upstream that was restored from a backup. Asked for by its id, it says what it has now, and that is stored. Who was
     * overtaken between that answer and the write would undo a change; but such a change happened since the run began, and the
     * delta that follows a full pass brings it again. That delta, and every other, keeps what is newer.
     */
    private Taken settle(List<String> disputed) {
        return askByIds.take(
                disputed,
                (asked, page) ->
                        takeIn.restate(page.entries()).and(Taken.of(Counts.page(page.bytes(), page.retries()))));
    }
}
