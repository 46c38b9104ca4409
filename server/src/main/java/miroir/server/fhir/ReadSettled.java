package miroir.server.fhir;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import miroir.index.store.Caller;
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
    private final LongSupplier nanoTime;

    /** The latest instant that was found settled; null before that. */
    private final AtomicReference<@Nullable Present> last = new AtomicReference<>();

    /** When somebody who follows read a page for nothing, since there was a change. */
    private volatile long changed;

    /** @param asked when the store was asked for it, by the clock */
    private record Present(Instant settled, long asked) {
        static Present later(@Nullable Present known, Present other) {
            return known == null || !known.settled.isAfter(other.settled) ? other : known;
        }
    }

    ReadSettled(ResourceStore store) {
        this(store, System::nanoTime);
    }

    ReadSettled(ResourceStore store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
        this.changed = nanoTime.getAsLong() - FRESH.toNanos();
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

    Instant present(Caller caller, Deadline deadline) {
        long asked = nanoTime.getAsLong();
        Instant settled = store.settled(caller, PATIENCE, deadline);
        last.accumulateAndGet(new Present(settled, asked), Present::later);
        return settled;
    }

    /**
     * A first page. If it has to be as at an instant, that is the one that was found settled last if nothing has changed since, which
     * is so nearly always; else the present is settled, and the page read again as it was then.
     *
     * @param hasInstant whether what was found has to be of one instant: because more pages follow, or because it was read in parts
     */
    <T extends Holding> Settled<T> first(
            Caller caller, Set<String> types, Deadline deadline, Predicate<T> hasInstant, Read<T> read) {
        return newest(caller, types, deadline, hasInstant, read).orElseGet(() -> {
            Instant settled = present(caller, deadline);
            return new Settled<>(read.asOf(settled), settled);
        });
    }

    /** Empty where it has to be as at an instant, and is not. */
    private <T extends Holding> Optional<Settled<T>> newest(
            Caller caller, Set<String> types, Deadline deadline, Predicate<T> hasInstant, Read<T> read) {
        Present known = last.get();
        Newest<T> newest = store.newest(caller, types, () -> read.asOf(null));
        return hasInstant.test(newest.found())
                ? unchanged(known, newest, deadline)
                : Optional.of(new Settled<>(newest.found(), null));
    }

    /**
     * A first page for those who go on from its instant. To settle the present is a write. So where it was settled a moment ago
     * and nothing has changed since, it is the instant of this page as well: everything up to it could be seen before, and nothing
     * after it could be seen when the page was read.
     */
    <T extends Holding> Settled<T> following(Caller caller, Set<String> types, Deadline deadline, Read<T> read) {
        Present known = last.get();
        Optional<Settled<T>> unchanged =
                isToFollow(known) ? newestSince(known, caller, types, deadline, read) : Optional.empty();
        return unchanged.orElseGet(() -> {
            Instant settled = present(caller, deadline);
            return new Settled<>(run(caller, types, settled, deadline, read), settled);
        });
    }

    private <T extends Holding> Optional<Settled<T>> newestSince(
            @Nullable Present known, Caller caller, Set<String> types, Deadline deadline, Read<T> read) {
        Optional<Settled<T>> found = unchanged(known, store.newest(caller, types, () -> read.asOf(null)), deadline);
        if (found.isEmpty()) {
            changed = nanoTime.getAsLong();
        }
        return found;
    }

    /** Whether who follows need not have the present settled, which is better done before his turn. */
    boolean isToFollow() {
        return isToFollow(last.get());
    }

    /** Where there was a change, there may be more of them: then it is done for a while without reading a page for nothing first. */
    private boolean isToFollow(@Nullable Present known) {
        return known != null && isFresh(known.asked()) && !isFresh(changed);
    }

    private boolean isFresh(long since) {
        return nanoTime.getAsLong() - since < FRESH.toNanos();
    }

    /** Empty where it is not how it was then; nothing keeps it, and it can go before the page is read again. */
    private static <T extends Holding> Optional<Settled<T>> unchanged(
            @Nullable Present known, Newest<T> newest, Deadline deadline) {
        if (known != null && newest.unchanged().isSince(known.settled(), deadline)) {
            return Optional.of(new Settled<>(newest.found(), known.settled()));
        }
        giveBack(newest.found());
        return Optional.empty();
    }

    <T extends Holding> T run(Caller caller, Set<String> types, Instant asOf, Deadline deadline, Read<T> read) {
        AtomicReference<@Nullable T> before = new AtomicReference<>();
        return store.asAt(caller, types, asOf, deadline, instant -> {
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
