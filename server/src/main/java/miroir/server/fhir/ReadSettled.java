package miroir.server.fhir;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/** Reads a page of several types as at one settled instant: the first page chooses it, and the later ones keep it. */
record ReadSettled(ResourceStore store) {
    /** How long the present may take to settle. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    /** What holds the memory of a page that was read. */
    interface Holding {
        WorkingMemory.@Nullable Held held();
    }

    /** Reads as at an instant, or the newest. */
    interface Read<T> {
        T asOf(@Nullable Instant instant);
    }

    Instant present(FhirRequest request, Deadline deadline) {
        return store.settled(request.caller(), PATIENCE, deadline);
    }

    /** Nobody waits for memory for a page while holding another. */
    <T extends Holding> T run(FhirRequest request, Set<String> types, Instant asOf, Deadline deadline, Read<T> read) {
        AtomicReference<@Nullable T> before = new AtomicReference<>();
        return store.asAt(request.caller(), types, asOf, deadline, instant -> {
            T unfit = before.get();
            WorkingMemory.Held held = unfit == null ? null : unfit.held();
            if (held != null) {
                held.close();
            }
            T found = read.asOf(instant);
            before.set(found);
            return found;
        });
    }
}
