package miroir.sync.run;

import miroir.storage.ledger.Lease;

/**
 * The lease that a run began with. A process may lose it and take it again while one of its runs stands still; others may have
 * gone on with that run meanwhile, so it must not write with the new one.
 */
final class SameLease implements Leadership {
    private static final long NONE = -1;

    private final Leadership leadership;
    private long token = NONE;

    SameLease(Leadership leadership) {
        this.leadership = leadership;
    }

    @Override
    public synchronized Lease lease() {
        Lease lease = leadership.lease();
        if (token != NONE && lease.token() != token) {
            throw new RunEnded(RunEnded.Why.LEASE_LOST, "this process led no more meanwhile, and leads again since");
        }
        token = lease.token();
        return lease;
    }
}
