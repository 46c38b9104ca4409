package miroir.server.fhir;

import java.time.Duration;
import java.time.Instant;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ForwardingStore;
import miroir.index.store.ResourceStore;
import org.jspecify.annotations.Nullable;

/** The store after a transaction, as it was at the instant of that: it is waited for until nothing can be added before. */
final class ReadsAfter extends ForwardingStore {
    private static final Duration AT_A_TIME = Duration.ofMillis(100);

    private final ResourceStore store;
    private final @Nullable Instant committed;

    /** After one that made versions at this instant, or none. */
    ReadsAfter(ResourceStore store, @Nullable Instant committed) {
        super(store);
        this.store = store;
        this.committed = committed;
    }

    @Override
    public Instant settled(Caller caller, Duration patience, Deadline deadline) {
        if (committed == null) {
            return store.settled(caller, patience, deadline);
        }
        while (store.settled(caller, AT_A_TIME, deadline).isBefore(committed)) {
            if (deadline.remaining().isNegative()) {
                throw new Refusal(
                        Refusal.Reason.NOT_READY,
                        "the transaction was done, and others that began before it take too long for this to be answered: ask for it"
                                + " by itself");
            }
        }
        return committed;
    }
}
