package miroir.storage;

import java.time.Instant;

/** A transaction cannot be ended as it was begun, and is begun again. */
final class TransactionLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Instant previous;

    /**
     * Lost.
     *
     * @param previous what is committed the next time has to have a later instant than that
     */
    TransactionLost(Instant previous) {
        super("others were faster", null, false, false);
        this.previous = previous;
    }

    Instant previous() {
        return previous;
    }
}
