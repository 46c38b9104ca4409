package miroir.sync.run;

import miroir.storage.ledger.Lease;

/** The right to write, as long as it is held. */
public interface Leadership {

    /**
     * The lease as it is now.
     *
     * @throws RunEnded where it was lost
     */
    Lease lease();
}
