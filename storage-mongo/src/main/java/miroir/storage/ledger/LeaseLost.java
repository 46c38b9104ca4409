package miroir.storage.ledger;

/** Somebody else does the job now; nothing was written. */
public final class LeaseLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLost(Lease lease) {
        super("another process has taken the job '" + lease.job() + "' (this one had token " + lease.token() + ")");
    }
}
