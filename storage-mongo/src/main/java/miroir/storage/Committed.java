package miroir.storage;

import java.time.Instant;
import miroir.index.store.HistoryPosition;
import miroir.index.store.ResourceKey;

/**
 * A version that was committed, without its content.
 *
 * @param live whether it has any: a deletion has none
 */
public record Committed(ResourceKey key, long version, Instant from, boolean live) {

    /** Where it stands in the order of commits. */
    public HistoryPosition position() {
        return new HistoryPosition(from, key.type(), key.id());
    }

    /** Which version of its type it is. */
    public VersionId id() {
        return new VersionId(key.id(), version);
    }
}
