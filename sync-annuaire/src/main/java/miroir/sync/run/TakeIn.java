package miroir.sync.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import miroir.storage.Ingested;
import miroir.storage.Mirrored;
import miroir.storage.MirroredResources;
import miroir.storage.ledger.LeaseLost;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.state.Counts;
import miroir.sync.state.Definition;
import miroir.sync.state.Rejection;
import miroir.sync.upstream.Entry;
import miroir.sync.upstream.TolerantReader;
import org.bson.RawBsonDocument;

/**
 * Puts what arrived into the store. A resource that cannot be stored is rejected alone. While the database is away it waits,
 * for writing the same again does no harm; without the lease nothing is written.
 */
final class TakeIn {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final String ERASED = "erased for data protection";

    private final Definition definition;
    private final MirroredResources mirrored;
    private final TolerantReader reader;
    private final Leadership leadership;
    private final BooleanSupplier stopped;

    TakeIn(
            Definition definition,
            MirroredResources mirrored,
            TolerantReader reader,
            Leadership leadership,
            BooleanSupplier stopped) {
        this.definition = definition;
        this.mirrored = mirrored;
        this.reader = reader;
        this.leadership = leadership;
        this.stopped = stopped;
    }

    /** What became of some resources. */
    record Taken(Counts counts, List<Rejection> rejections) {
        static final Taken NOTHING = new Taken(Counts.NONE, List.of());

        Taken and(Taken other) {
            List<Rejection> both = new ArrayList<>(rejections);
            both.addAll(other.rejections);
            return new Taken(counts.and(other.counts), both);
        }
    }

    Taken store(List<Entry> entries) {
        List<Rejection> rejections = new ArrayList<>();
        List<Mirrored> good = new ArrayList<>();
        for (Entry entry : entries) {
            try {
                RawBsonDocument fhir = reader.read(entry.json());
                good.add(new Mirrored(new ResourceKey(entry.type(), entry.id()), fhir, entry.updated()));
            } catch (Refusal refusal) {
                String at = refusal.path() == null ? "" : " (" + refusal.path() + ")";
                rejections.add(Rejection.of(entry.id(), refusal.getMessage() + at, entry.json()));
            }
        }
        Ingested ingested = good.isEmpty()
                ? new Ingested(0, 0, 0, 0, 0, List.of())
                : patiently(() -> mirrored.ingest(
                        definition.name(),
                        definition.type(),
                        good,
                        leadership.lease().until()));
        int erased = 0;
        for (Ingested.Refused refused : ingested.refused()) {
            if (refused.reason().contains(ERASED)) {
                erased++;
            } else {
                rejections.add(Rejection.of(refused.key().id(), refused.reason(), json(refused, entries)));
            }
        }
        return new Taken(
                new Counts(
                        0,
                        0,
                        entries.size(),
                        ingested.created(),
                        ingested.updated(),
                        ingested.unchanged(),
                        ingested.older(),
                        0,
                        rejections.size(),
                        erased,
                        0),
                rejections);
    }

    /** Marks what a full pass has seen, whether it could be stored or not. */
    void markSeen(String run, List<Entry> entries) {
        List<String> ids = entries.stream().map(Entry::id).toList();
        patiently(() -> {
            mirrored.markSeen(run, ids, leadership.lease().until());
            return run;
        });
    }

    /** Removes what is gone. */
    int remove(List<String> ids) {
        return patiently(() -> mirrored.remove(
                        definition.name(),
                        definition.type(),
                        ids,
                        leadership.lease().until()))
                .removed();
    }

    /** Tries again while the database is away, and while the lease is being renewed. */
    <T> T patiently(Supplier<T> work) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return work.get();
            } catch (LeaseLost e) {
                throw new RunEnded(Why.LEASE_LOST, String.valueOf(e.getMessage()));
            } catch (Refusal refusal) {
                if (System.nanoTime() > end || stopped.getAsBoolean() || !passes(refusal)) {
                    throw ended(refusal);
                }
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    private RunEnded ended(Refusal refusal) {
        if (stopped.getAsBoolean()) {
            return new RunEnded(Why.STOPPED, "told to stop");
        }
        boolean lost = refusal.reason() == Refusal.Reason.EXPIRED;
        return new RunEnded(lost ? Why.LEASE_LOST : Why.DATABASE_AWAY, String.valueOf(refusal.getMessage()));
    }

    private static boolean passes(Refusal refusal) {
        return switch (refusal.reason()) {
            case NOT_READY, TOO_COSTLY, CONFLICT, EXPIRED -> true;
            default -> false;
        };
    }

    private static byte[] json(Ingested.Refused refused, List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.id().equals(refused.key().id()))
                .findFirst()
                .map(Entry::json)
                .orElse(new byte[0]);
    }
}
