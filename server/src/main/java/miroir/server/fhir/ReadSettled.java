package miroir.server.fhir;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import miroir.index.store.Deadline;
import miroir.index.store.Newest;
import miroir.index.store.ResourceStore;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/** Reads pages as at one settled instant: the first page chooses it, and the later ones keep it. */
final class ReadSettled {
    /** How long the present may take to settle. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final ResourceStore store;

    /** The present as it was settled last, nothing that is seen later is older; null before that. */
    private volatile @Nullable Instant last;

    ReadSettled(ResourceStore store) {
        this.store = store;
    }

    /** What holds the memory of a page that was read. */
    interface Holding {
        WorkingMemory.@Nullable Held held();
    }

    /** Reads as at an instant, or the newest. */
    interface Read<T> {
        T asOf(@Nullable Instant instant);
    }

    /**
     * What was read.
     *
     * @param asOf as at when; null where that is the newest, and it does not matter
     */
    record Settled<T>(T found, @Nullable Instant asOf) {}

    Instant present(FhirRequest request, Deadline deadline) {
        Instant settled = store.settled(request.caller(), PATIENCE, deadline);
        last = settled;
        return settled;
    }

    /**
     * A first page. If it has to be as at an instant, that is the one that was found settled last if nothing has changed since, which
     * is so nearly always; else the present is settled, and the page read again as it was then.
     *
     * @param hasInstant whether what was found has to be of one instant: because more pages follow, or because it was read in parts
     */
    <T extends Holding> Settled<T> first(
            FhirRequest request, Set<String> types, Deadline deadline, Predicate<T> hasInstant, Read<T> read) {
        return newest(request, types, deadline, hasInstant, read).orElseGet(() -> {
            Instant settled = present(request, deadline);
            return new Settled<>(read.asOf(settled), settled);
        });
    }

    /** Empty where it is not how it was at an instant; nothing keeps it then, and it can go before the page is read again. */
    private <T extends Holding> Optional<Settled<T>> newest(
            FhirRequest request, Set<String> types, Deadline deadline, Predicate<T> hasInstant, Read<T> read) {
        @Nullable Instant before = last;
        Newest<T> newest = before == null
                ? new Newest<>(read.asOf(null), (settled, until) -> false)
                : store.newest(request.caller(), types, () -> read.asOf(null));
        if (!hasInstant.test(newest.found())) {
            return Optional.of(new Settled<>(newest.found(), null));
        }
        if (before != null && newest.unchanged().isSince(before, deadline)) {
            return Optional.of(new Settled<>(newest.found(), before));
        }
        giveBack(newest.found());
        return Optional.empty();
    }

    <T extends Holding> T run(FhirRequest request, Set<String> types, Instant asOf, Deadline deadline, Read<T> read) {
        AtomicReference<@Nullable T> before = new AtomicReference<>();
        return store.asAt(request.caller(), types, asOf, deadline, instant -> {
            giveBack(before.getAndSet(null));
            T found = read.asOf(instant);
            before.set(found);
            return found;
        });
    }

    /** Nobody waits for memory for a page while holding another. */
    private static void giveBack(@Nullable Holding unfit) {
        WorkingMemory.Held held = unfit == null ? null : unfit.held();
        if (held != null) {
            held.close();
        }
    }
}
