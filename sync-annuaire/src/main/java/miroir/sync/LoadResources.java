package miroir.sync;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import miroir.index.Refusal;
import miroir.index.json.ResourceReader;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.Written.Effect;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * Puts resources into the store, each for itself: a bad one is rejected with its reason and the others are stored. To
 * load the same again changes nothing, since equal content makes no version.
 */
final class LoadResources {
    private final ResourceReader reader;
    private final ResourceStore store;
    private final Set<String> types;
    private final Consumer<String> rejections;
    private final Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
    private int skipped;
    private int rejected;

    /**
     * @param types what is served; resources of other types are counted and left out
     * @param rejections takes one line for each resource that cannot be stored
     */
    LoadResources(ResourceReader reader, ResourceStore store, Set<String> types, Consumer<String> rejections) {
        this.reader = reader;
        this.store = store;
        this.types = types;
        this.rejections = rejections;
    }

    /** Stores one resource. A store that is not ready ends the load; any other refusal is the resource's. */
    void load(String where, byte[] json) {
        try {
            load(reader.read(json));
        } catch (Refusal refusal) {
            if (refusal.reason() == Refusal.Reason.NOT_READY) {
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
        Effect effect =
                store.put(Caller.everyone(), key, fhir, Precondition.none()).effect();
        effects.merge(effect, 1, Integer::sum);
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
