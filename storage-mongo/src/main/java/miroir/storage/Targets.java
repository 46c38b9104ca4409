package miroir.storage;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import miroir.index.json.LiteralReferences;
import miroir.index.store.ResourceKey;

/** What a resource refers to, with the references that do so. */
record Targets(ResourceKey of, Map<ResourceKey, List<LiteralReferences.Found>> references) {
    boolean isEmpty() {
        return references.isEmpty();
    }

    Collection<ResourceKey> keys() {
        return references.keySet();
    }
}
