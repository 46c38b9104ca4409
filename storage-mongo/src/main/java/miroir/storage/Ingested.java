package miroir.storage;

import java.util.List;
import miroir.index.store.ResourceKey;

/**
 * What became of a batch.
 *
 * @param deactivated those of the updated that were active before, and say that they are not any more
 * @param unchanged those that had this content already; no version was made
 * @param older those that are there already, with a later instant of their owner
 * @param disputed the ids of those among them that have another content here
 * @param refused those that cannot be stored, each with its reason
 */
public record Ingested(
        int created,
        int updated,
        int deactivated,
        int removed,
        int unchanged,
        int older,
        List<String> disputed,
        List<Refused> refused) {
    public static final Ingested NOTHING = new Ingested(0, 0, 0, 0, 0, 0, List.of(), List.of());

    /** Why one is not stored. */
    public enum Why {
        /** It was erased for data protection, and is not brought back. */
        ERASED,
        /** Somebody else owns what is under that id. */
        OWNED_BY_OTHERS,
        UNSTORABLE
    }

    /** One that cannot be stored. */
    public record Refused(ResourceKey key, Why why, String reason) {}

    public Ingested {
        disputed = List.copyOf(disputed);
        refused = List.copyOf(refused);
    }
}
