package miroir.sync.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import miroir.storage.sync.Definition;
import miroir.storage.sync.PutOff;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import miroir.sync.window.Pass;
import org.jspecify.annotations.Nullable;

/**
 * Finds the run to do: the one that stands open, unless it is too old or something else is wanted; otherwise it plans a new one.
 *
 * <p>Whoever asks for a full pass with the command line's {@code --full} gets the one that is open, if it is one: that is how a
 * load that was killed goes on. Whoever posts the command {@code full} wants a new one, also in place of one that cannot end.
 *
 * <p>One resource for which the upstream breaks off its page is enough for a full pass that never ends. Trying that alone would keep
 * every change from the copy, so after some failures it is put off: deltas begin beside it, and it is gone on with once a day.
 */
final class OpenRun {
    private final RunParts parts;

    OpenRun(RunParts parts) {
        this.parts = parts;
    }

    Run run(boolean full) {
        // The first page of a run: its date is the run's mark.
        Instant upstreamNow = parts.upstreamNow();
        Synchronisation known = parts.known();
        Run open = open(known.run());
        if (open != null && isToBeGoneOnWith(open, known, full, upstreamNow)) {
            return resume(open);
        }
        PutOff putOff = known.putOff();
        Run late = putOff == null ? null : open(putOff.run());
        if (putOff == null || late == null || !isToBeGoneOnWith(late, known, full, upstreamNow)) {
            return begin(reason(known, full, upstreamNow), upstreamNow, open, late);
        }
        boolean isItsTime = full || !parts.now().isBefore(putOff.until()) || !isDeltaEnough(known, upstreamNow);
        return isItsTime ? resume(late) : begin("", upstreamNow, open, null);
    }

    private @Nullable Run open(@Nullable String id) {
        return parts.register().run(id).filter(Run::isOpen).orElse(null);
    }

    private Run resume(Run run) {
        parts.register().resume(parts.lease(), run, parts.now());
        parts.log().of(run);
        parts.log().says("goes on with the run that began at " + run.began());
        return run;
    }

    private boolean isDeltaEnough(Synchronisation known, Instant upstreamNow) {
        return parts.rules().plan(known.mark(), upstreamNow) instanceof Pass.Delta;
    }

    private boolean isToBeGoneOnWith(Run open, Synchronisation known, boolean full, Instant upstreamNow) {
        Duration age = Duration.between(open.mark(), upstreamNow);
        String because = known.fullBecause();
        return !age.isNegative()
                && age.compareTo(parts.settings().resumable()) < 0
                && (because == null || because.equals(open.reason()))
                && (open.full() || !full);
    }

    /**
     * In place of those that are not gone on with; a full pass that was put off is one of them only where this is a full pass.
     *
     * @param reason why everything is read; empty where what changed is enough
     */
    private Run begin(String reason, Instant upstreamNow, @Nullable Run open, @Nullable Run late) {
        String id = UUID.randomUUID().toString();
        Run run = Run.begun(id, parts.definition().name(), !reason.isEmpty(), reason, upstreamNow, parts.now());
        List<Run> abandoned = Stream.of(open, run.full() ? late : null)
                .flatMap(Stream::ofNullable)
                .toList();
        parts.register().begin(parts.lease(), run, abandoned);
        parts.log().of(run);
        for (Run each : abandoned) {
            parts.mirrored().forgetSeen(each.id());
            parts.log()
                    .warns("the run that began at " + each.began()
                            + " is not gone on with: it is too old, or something else is wanted");
        }
        parts.log().says("begins, " + (run.full() ? "everything: " + run.reason() : "what changed"));
        return run;
    }

    /** Why everything has to be read; empty where what changed is enough. */
    private String reason(Synchronisation known, boolean full, Instant upstreamNow) {
        String because = known.fullBecause();
        if (because != null) {
            return because;
        }
        if (parts.rules().plan(known.mark(), upstreamNow) instanceof Pass.Full whole) {
            return whole.reason();
        }
        if (full) {
            return "it was asked for";
        }
        Definition definition = known.definition();
        Instant lastFull = known.lastFull();
        return lastFull == null || !upstreamNow.isBefore(lastFull.plus(definition.fullEvery()))
                ? "the last one began at " + lastFull + ", and one is due after " + definition.fullEvery()
                : "";
    }
}
