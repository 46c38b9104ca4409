package miroir.sync.upstream;

import java.time.Instant;

/**
 * One resource of a page, as it came.
 *
 * @param updated its {@code meta.lastUpdated}; where it has none, the instant of the page
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares entries
public record Entry(String type, String id, Instant updated, byte[] json) {}
