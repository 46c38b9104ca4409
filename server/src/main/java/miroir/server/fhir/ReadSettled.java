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

    /** So long what was the present is one to follow from, while nothing changes. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final ResourceStore store;

    /** The present as it was settled last, nothing that is seen later is older; null before that. */
    private volatile @Nullable Present last;

    /** @param fresh until when it is taken for the present by those who follow */
    private record Present(Instant settled, Deadline fresh) {
        boolean isFresh() {
            return !fresh.remaining().isNegative();
        }
    }

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
        Deadline fresh = Deadline.in(FRESH);
        Instant settled = store.settled(request.caller(), PATIENCE, deadline);
        last = new Present(settled, fresh);
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

    /**
     * A first page for those who go on from its instant. To settle the present is a write. So where it was settled a moment ago and nothing has changed since, it is the instant of this page as well:
     * everything up to it could be seen before, and nothing after it could be seen when the page was read.
     */
    <T extends Holding> Settled<T> following(FhirRequest request, Set<String> types, Deadline deadline, Read<T> read) {
        Present known = last;
        Optional<Settled<T>> fresh = known != null && known.isFresh()
                ? newest(request, types, deadline, found -> true, read)
                : Optional.empty();
        return fresh.orElseGet(() -> {
            Instant settled = present(request, deadline);
            return new Settled<>(run(request, types, settled, deadline, read), settled);
        });
    }

    /** Empty where it is not how it was at an instant; nothing keeps it then, and it can go before the page is read again. */
    private <T extends Holding> Optional<Settled<T>> newest(
            FhirRequest request, Set<String> types, Deadline deadline, Predicate<T> hasInstant, Read<T> read) {
        Present known = last;
        if (known == null) {
            return withoutInstant(hasInstant, read.asOf(null));
        }
        Newest<T> newest = store.newest(request.caller(), types, () -> read.asOf(null));
        boolean isOfInstant =
                hasInstant.test(newest.found()) && newest.unchanged().isSince(known.settled(), deadline);
        return isOfInstant
                ? Optional.of(new Settled<>(newest.found(), known.settled()))
                : withoutInstant(hasInstant, newest.found());
    }

    /** What is of no instant is kept where it may be. */
    private static <T extends Holding> Optional<Settled<T>> withoutInstant(Predicate<T> hasInstant, T found) {
        if (hasInstant.test(found)) {
            giveBack(found);
            return Optional.empty();
        }
        return Optional.of(new Settled<>(found, null));
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
