package miroir.sync.run;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import miroir.storage.MirroredResources;
import miroir.storage.ledger.Lease;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import miroir.storage.sync.Window;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.upstream.OnBehalf;
import miroir.sync.upstream.Upstream;
import miroir.sync.window.DeltaRules;

/** What a run works with, and what its steps ask of it. */
record RunParts(
        Definition definition,
        Upstream upstream,
        MirroredResources mirrored,
        Register register,
        Leadership leadership,
        RunSettings settings,
        InstantSource clock,
        RunLog log,
        BooleanSupplier stopped) {

    Lease lease() {
        return leadership.lease();
    }

    Instant now() {
        return clock.instant();
    }

    /** For whom the upstream is asked. */
    OnBehalf whom() {
        return whom(stopped);
    }

    /** For a part of it that ends by itself. */
    OnBehalf whom(BooleanSupplier ended) {
        return new OnBehalf() {
            @Override
            public boolean isStopped() {
                return ended.getAsBoolean();
            }

            @Override
            public void hears(String words) {
                log.knows(words);
            }
        };
    }

    void checkStopped() {
        if (stopped.getAsBoolean()) {
            throw new RunEnded(Why.STOPPED, "told to stop");
        }
    }

    Synchronisation known() {
        return register.find(definition.name())
                .orElseThrow(() -> new IllegalStateException(definition.name() + " is not in the register"));
    }

    /** The run as it is written down. */
    Run current(Run run) {
        return register.run(run.id())
                .orElseThrow(() -> new IllegalStateException("the run " + run.id() + " is not in the register"));
    }

    DeltaRules rules() {
        return new DeltaRules(definition.overlap(), settings.remembered());
    }

    /** The upstream's clock. */
    Instant upstreamNow() {
        return upstream.count(definition.type(), definition.query(""), whom()).date();
    }

    long total() {
        return upstream.total(definition.type(), definition.query(""), whom());
    }

    long count(Window window) {
        return counting().count(window);
    }

    CountWindow counting() {
        return new CountWindow(definition, upstream, whom());
    }
}
