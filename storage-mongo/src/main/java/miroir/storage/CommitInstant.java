package miroir.storage;

import java.time.Instant;

/**
 * When a version, or several at once, are committed.
 *
 * @param from of the versions
 * @param before until when the database may apply them
 */
record CommitInstant(Instant from, Instant before) {}
