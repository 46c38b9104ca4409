package miroir.index.store;

import java.time.Instant;

/** Which version of a resource is the current one, without its content. */
public record VersionStamp(ResourceKey key, long version, Instant from) {}
