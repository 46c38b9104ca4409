package miroir.sync;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.Written.Effect;
import miroir.storage.Ingested;
import miroir.storage.Mirrored;
import miroir.storage.MirroredResources;
import miroir.storage.sync.Definition;
import miroir.sync.upstream.TolerantReader;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * Puts resources into the store, each for itself: a bad one is rejected with its reason and the others are stored. To
 * load the same again changes nothing, since equal content makes no version.
 */
final class LoadResources {
    private final TolerantReader reader;
    private final Shelf shelf;
    private final Set<String> types;
    private final Consumer<String> rejections;
    private final Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
    private int skipped;
    private int rejected;

    /** Where a resource is put. */
    interface Shelf {
        Effect put(ResourceKey key, RawBsonDocument fhir);
    }

    /** This server's own. */
    static Shelf own(ResourceStore store) {
        return (key, fhir) ->
                store.put(Caller.everyone(), key, fhir, Precondition.none()).effect();
    }

    /**
     * What is owned by the synchronisations of a source.
     *
     * @param until the end of the lease under which it is written
     */
    static Shelf copies(MirroredResources mirrored, String source, Supplier<Instant> until) {
        return (key, fhir) -> {
            Ingested done = mirrored.ingest(
                    Definition.of(source, key.type()).name(),
                    key.type(),
                    List.of(new Mirrored(key, fhir, updated(fhir))),
                    until.get());
            if (!done.refused().isEmpty()) {
                throw new Refusal(Refusal.Reason.CONFLICT, done.refused().get(0).reason(), null);
            }
            return done.created() > 0 ? Effect.CREATED : done.updated() > 0 ? Effect.UPDATED : Effect.UNCHANGED;
        };
    }

    /** What a file does not stamp is older than anything that the source says. */
    private static Instant updated(RawBsonDocument fhir) {
        BsonValue meta = fhir.get("meta");
        BsonValue stamp = meta == null ? null : meta.asDocument().get("lastUpdated");
        try {
            return stamp == null
                    ? Instant.EPOCH
                    : OffsetDateTime.parse(stamp.asString().getValue()).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /**
     * @param types what is served; resources of other types are counted and left out
     * @param rejections takes one line for each resource that cannot be stored
     */
    LoadResources(TolerantReader reader, Shelf shelf, Set<String> types, Consumer<String> rejections) {
        this.reader = reader;
        this.shelf = shelf;
        this.types = types;
        this.rejections = rejections;
    }

    /** Stores one resource. A store that is not ready, or a lease that is over, ends the load; any other refusal is the resource's. */
    void load(String where, byte[] json) {
        try {
            load(reader.read(json));
        } catch (Refusal refusal) {
            if (refusal.reason() == Refusal.Reason.NOT_READY || refusal.reason() == Refusal.Reason.EXPIRED) {
                throw refusal;
            }
            rejected++;
            rejections.accept(where + ": " + refusal.getMessage() + at(refusal));
        }
    }

    private void load(RawBsonDocument fhir) {
        String type = fhir.getString("resourceType").getValue();
        if (!types.contains(type)) {
            skipped++;
            return;
        }
        BsonValue id = fhir.get("id");
        if (id == null) {
            throw new Refusal(Refusal.Reason.INVALID, "a " + type + " without id; it is needed to load", type + ".id");
        }
        ResourceKey key = new ResourceKey(type, id.asString().getValue());
        effects.merge(shelf.put(key, fhir), 1, Integer::sum);
    }

    private static String at(Refusal refusal) {
        return refusal.path() == null ? "" : " (" + refusal.path() + ")";
    }

    boolean isComplete() {
        return rejected == 0;
    }

    /** One line with all counts. */
    String report() {
        int loaded = effects.values().stream().mapToInt(Integer::intValue).sum();
        return "loaded " + loaded + ": " + count(Effect.CREATED) + " created, " + count(Effect.UPDATED) + " updated, "
                + count(Effect.UNCHANGED) + " unchanged; " + skipped + " skipped (type not served), " + rejected
                + " rejected";
    }

    private int count(Effect effect) {
        return effects.getOrDefault(effect, 0);
    }
}
