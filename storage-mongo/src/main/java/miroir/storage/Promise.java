package miroir.storage;

import java.time.Instant;

/**
 * What a process says of its commits.
 *
 * @param floor it never again commits at or below this instant
 * @param number nor with fields of a lower number of what is searched
 */
record Promise(Instant floor, long number) {}
