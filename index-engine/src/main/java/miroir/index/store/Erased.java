package miroir.index.store;

/**
 * What an erasure left of a resource: id and version.
 *
 * @param version the number of the last version, which says that it was erased
 * @param versions how many versions lost their content
 */
public record Erased(ResourceKey key, long version, long versions) {}
