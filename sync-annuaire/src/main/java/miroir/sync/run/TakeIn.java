package miroir.sync.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import miroir.storage.Ingested;
import miroir.storage.Mirrored;
import miroir.storage.RepeatWhileAway;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Rejection;
import miroir.sync.upstream.Entry;
import miroir.sync.upstream.TolerantReader;
import org.bson.RawBsonDocument;

/**
 * Puts what arrived into the store. A resource that cannot be stored is rejected alone. While the database is away it waits,
 * for writing the same again does no harm; without the lease nothing is written.
 */
final class TakeIn {
    /** What passes, the lease that is being renewed included. */
    private static final Set<Refusal.Reason> PASSING = Set.of(
            Refusal.Reason.NOT_READY, Refusal.Reason.TOO_COSTLY, Refusal.Reason.CONFLICT, Refusal.Reason.EXPIRED);

    private final RunParts parts;
    private final TolerantReader reader;
    private final RepeatWhileAway repeat;

    TakeIn(RunParts parts, TolerantReader reader) {
        this.parts = parts;
        this.reader = reader;
        this.repeat = new RepeatWhileAway(parts::checkStopped, PASSING);
    }

    /** What became of some resources; of the rejections, the first ones. */
    record Taken(Counts counts, List<Rejection> rejections) {
        static final Taken NOTHING = of(Counts.NONE);

        static Taken of(Counts counts) {
            return new Taken(counts, List.of());
        }

        Taken and(Taken other) {
            return new Taken(counts.and(other.counts), Rejection.first(rejections, other.rejections));
        }
    }

    /**
     * The same of a page.
     *
     * @param disputed the ids of those that are here with another content and a later stamp
     */
    record Stored(Taken taken, List<String> disputed) {}

    /** Puts them into a store. */
    private interface Ingest {
        Ingested into(String source, String type, List<Mirrored> batch, Instant until);
    }

    Stored store(List<Entry> entries) {
        return store(entries, parts.mirrored()::ingest);
    }

    /** Stores what the upstream has now, also where something newer is here. */
    Taken restate(List<Entry> entries) {
        return store(entries, parts.mirrored()::restate).taken();
    }

    private Stored store(List<Entry> entries, Ingest ingest) {
        List<Mirrored> good = new ArrayList<>();
        List<Rejection> rejections = new ArrayList<>();
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
                ? Ingested.NOTHING
                : patiently(() -> ingest.into(
                        parts.definition().name(),
                        parts.definition().type(),
                        good,
                        parts.lease().until()));
        List<Ingested.Refused> refused = ingested.refused().stream()
                .filter(each -> each.why() != Ingested.Why.ERASED)
                .toList();
        refused.forEach(each -> rejections.add(Rejection.of(each.key().id(), each.reason(), json(each, entries))));
        int erased = ingested.refused().size() - refused.size();
        Counts counts = Counts.taken(entries.size(), ingested, rejections.size(), erased);
        return new Stored(new Taken(counts, Rejection.first(rejections, List.of())), ingested.disputed());
    }

    /** Marks what a full pass has seen, whether it could be stored or not. */
    void markSeen(String run, List<Entry> entries) {
        List<String> ids = entries.stream().map(Entry::id).toList();
        patiently(() -> {
            parts.mirrored().markSeen(run, ids, parts.lease().until());
            return run;
        });
    }

    /** Removes what is gone. */
    int remove(List<String> ids) {
        Definition definition = parts.definition();
        return patiently(() -> parts.mirrored()
                        .remove(
                                definition.name(),
                                definition.type(),
                                ids,
                                parts.lease().until()))
                .removed();
    }

    /** Tries again while the database is away, and while the lease is being renewed. */
    <T> T patiently(Supplier<T> work) {
        try {
            return repeat.run(work);
        } catch (Refusal refusal) {
            throw RunEnded.of(refusal);
        }
    }

    private static byte[] json(Ingested.Refused refused, List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.id().equals(refused.key().id()))
                .findFirst()
                .map(Entry::json)
                .orElse(new byte[0]);
    }
}
