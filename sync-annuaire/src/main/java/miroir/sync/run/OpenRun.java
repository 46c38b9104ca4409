package miroir.sync.run;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import miroir.sync.state.Definition;
import miroir.sync.state.Run;
import miroir.sync.state.Synchronisation;
import miroir.sync.window.Pass;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the run to do: the one that stands open, unless it is too old or something else is wanted; otherwise it plans a new one.
 *
 * <p>Whoever asks for a full pass with the command line's {@code --full} gets the one that is open, if it is one: that is how a
 * load that was killed goes on. Whoever posts the command {@code full} wants a new one, also in place of one that cannot end.
 */
final class OpenRun {
    private static final Logger LOG = LoggerFactory.getLogger(OpenRun.class);

    private final RunParts parts;

    OpenRun(RunParts parts) {
        this.parts = parts;
    }

    Run run(boolean full) {
        // The first page of a run: its date is the run's mark.
        Instant upstreamNow = parts.upstreamNow();
        Synchronisation known = parts.known();
        Run open = parts.register().run(known.run()).filter(Run::isOpen).orElse(null);
        if (open != null && isToBeGoneOnWith(open, known, full, upstreamNow)) {
            parts.register().resume(parts.lease(), open, parts.now());
            LOG.info("{}: goes on with the run that began at {}", known.name(), open.began());
            return open;
        }
        return begin(plan(known, full, upstreamNow), open);
    }

    private boolean isToBeGoneOnWith(Run open, Synchronisation known, boolean full, Instant upstreamNow) {
        Duration age = Duration.between(open.mark(), upstreamNow);
        String because = known.fullBecause();
        return !age.isNegative()
                && age.compareTo(parts.settings().resumable()) < 0
                && (because == null || because.equals(open.reason()))
                && (open.full() || !full);
    }

    private Run begin(Run run, @Nullable Run abandoned) {
        parts.register().begin(parts.lease(), run, abandoned);
        if (abandoned != null) {
            parts.mirrored().forgetSeen(abandoned.id());
        }
        LOG.info("{}: begins, {}", run.synchronisation(), run.full() ? "everything: " + run.reason() : "what changed");
        return run;
    }

    private Run plan(Synchronisation known, boolean full, Instant upstreamNow) {
        String reason = reason(known, full, upstreamNow);
        return Run.begun(
                UUID.randomUUID().toString(), known.name(), !reason.isEmpty(), reason, upstreamNow, parts.now());
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
