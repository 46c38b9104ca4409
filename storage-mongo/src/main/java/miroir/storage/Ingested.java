package miroir.storage;

import java.util.List;
import miroir.index.store.ResourceKey;

/**
 * What became of a batch.
 *
 * @param unchanged those that had this content already; no version was made
 * @param older those that are there with newer content already
 * @param refused those that cannot be stored, each with its reason
 */
public record Ingested(int created, int updated, int removed, int unchanged, int older, List<Refused> refused) {

    /** One that cannot be stored. */
    public record Refused(ResourceKey key, String reason) {}

    public Ingested {
        refused = List.copyOf(refused);
    }
}
