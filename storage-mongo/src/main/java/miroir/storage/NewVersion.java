package miroir.storage;

import java.time.Instant;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.jspecify.annotations.Nullable;

/**
 * A version with content that is to be written.
 *
 * @param position where the resource stands
 * @param mirrored whose it is; null: this server's own
 */
record NewVersion(
        ResourceKey key,
        Content content,
        long position,
        long version,
        ResourceVersion.Origin origin,
        Instant from,
        @Nullable Ownership mirrored) {}
