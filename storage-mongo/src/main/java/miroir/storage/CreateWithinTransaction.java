package miroir.storage;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import miroir.index.store.Criteria;
import miroir.index.store.Written;

/**
 * {@link CreateUnlessFound} as a part of a transaction, which meets others on the same guards. It writes the guard: a transaction
 * with the same criteria conflicts with that, and who creates by them alone waits for the guard until the transaction has ended.
 * Where somebody has the guard already the transaction begins again, with what he has created by then.
 */
final class CreateWithinTransaction implements CreateOnce {
    private final TakeGuard takeGuard;

    CreateWithinTransaction(StoreDatabase transaction) {
        this.takeGuard = TakeGuard.within(transaction);
    }

    @Override
    public Optional<Written> run(Criteria criteria, BooleanSupplier isFound, Function<Instant, Written> create) {
        if (takeGuard.run(CreateUnlessFound.name(criteria)).isEmpty()) {
            throw new TransactionLost(Instant.EPOCH);
        }
        return isFound.getAsBoolean() ? Optional.empty() : Optional.of(create.apply(Instant.MAX));
    }
}
