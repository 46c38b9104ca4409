package miroir.storage.ledger;

import java.time.Instant;

/**
 * The right of one process to do a job, until an instant.
 *
 * @param token greater than that of every lease on the job before: who writes with an older one is refused
 * @param until by the database's clock
 */
public record Lease(String job, String holder, long token, Instant until) {}
