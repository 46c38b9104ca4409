package miroir.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;

/**
 * Lets a resource be written where everything that it refers to is there, and be deleted where nothing refers to it.
 *
 * <p>The problem: who writes a reference looks whether its target is there, and who deletes the target looks whether there is a reference
 * to it. Between look and write of one the other does both, and a reference to nothing is left. They write different documents, so nothing that
 * MongoDB does makes them meet, a transaction neither.
 *
 * <p>The approach: each announces what it will do before it looks, so one of them at least sees the other.
 *
 * <ol>
 *   <li>who writes waits while one of its targets is being deleted; announces all of them in one document, {@link AnnounceReferences}; looks again
 *       whether one is being deleted, and whether all are there; writes; and withdraws the announcement. Where one is being deleted by then it
 *       withdraws first, and begins again;
 *   <li>who deletes looks for references first, and is refused without a guard where there are some, so that nobody waits for what does not happen; takes the guard of the resource, {@link TakeGuard}; waits until no announcement names it, and takes the guard again where that
 *       is long; looks for references to it; deletes; and gives the guard up. Whoever loses to another writer looks again.
 * </ol>
 *
 * <p>Those who write never wait for each other, whatever they refer to. Those who delete give way to nobody, and those who write do
 * before they wait, so nobody waits for a thing that waits for it. Nobody announces once a guard can be seen, so who has one waits for those
 * only who announced before, however many write: there are fewer and fewer of them, and each ends. Announcements and guards hold for 15 seconds by the primary's clock, and
 * writes that rely on them are applied until five seconds before that, as with {@link CreateUnlessFound}: who was killed or
 * stood still leaves nothing behind that could still happen. It works without transactions.
 *
 * <p>The cost: for a write with references two writes, two looks for guards and a read for each type that it refers to; for a deletion two writes and two reads
 * for each type that may refer to it. Where only one of both has to hold nobody needs to be met, and it is the reads only.
 */
final class KeepIntegrity implements Integrity {
    private static final long LONGEST_PAUSE = Duration.ofMillis(100).toNanos();
    private static final long FIRST_PAUSE = Duration.ofMillis(2).toNanos();

    private final StoreDatabase database;
    private final IntegritySettings settings;
    private final FindTargets findTargets;
    private final FindReferring findReferring;
    private final AnnounceReferences announceReferences;
    private final TakeGuard takeGuard;
    private final Duration margin;

    /** With a guard for announcements to go; the rest of its time is for the deletion. */
    private final Duration longestWait;

    KeepIntegrity(
            StoreDatabase database,
            IntegritySettings settings,
            FindTargets findTargets,
            FindReferring findReferring,
            FloorTerms terms) {
        this.database = database;
        this.settings = settings;
        this.findTargets = findTargets;
        this.findReferring = findReferring;
        this.margin = terms.margin();
        this.longestWait = terms.write().dividedBy(2);
        Duration length = terms.write().plus(margin);
        this.announceReferences = new AnnounceReferences(database, length);
        this.takeGuard = new TakeGuard(database, length);
    }

    @Override
    public <T> T writing(WriteScope scope, ResourceKey key, RawBsonDocument fhir, Function<WriteTerms, T> write) {
        if (!settings.onWrite()) {
            return write.apply(WriteTerms.none());
        }
        Targets targets = findTargets.of(key, fhir);
        if (targets.isEmpty()) {
            return write.apply(WriteTerms.none());
        }
        if (!settings.isWhole()) {
            return write.apply(new WriteTerms(Instant.MAX, () -> requireAll(targets, scope)));
        }
        Attempts attempts = new Attempts();
        while (true) {
            Optional<T> written = announceReferences.isAnyGuarded(targets.keys())
                    ? Optional.empty()
                    : whileAnnounced(targets, scope, write);
            if (written.isPresent()) {
                return written.get();
            }
            attempts.pause(key, "what it refers to is being deleted");
        }
    }

    @Override
    public boolean isForWrites() {
        return settings.onWrite();
    }

    /** Empty where a target is being deleted. */
    private <T> Optional<T> whileAnnounced(Targets targets, WriteScope scope, Function<WriteTerms, T> write) {
        AnnounceReferences.Announced announced = announceReferences.run(targets.keys());
        WriteTerms terms = new WriteTerms(announced.until().minus(margin), () -> requireAll(targets, scope));
        return thenIfKnown(
                () -> announceReferences.isAnyGuarded(targets.keys())
                        ? Optional.empty()
                        : Optional.of(write.apply(terms)),
                () -> announceReferences.withdraw(announced));
    }

    /**
     * Does one and then the other, but where it is not known what became of the one: then it may still happen, and what stands
     * for it is left to its end.
     */
    private static <T> T thenIfKnown(Supplier<T> work, Runnable then) {
        T outcome;
        try {
            outcome = work.get();
        } catch (Refusal refused) {
            then.run();
            throw refused;
        }
        then.run();
        return outcome;
    }

    private void requireAll(Targets targets, WriteScope scope) {
        findTargets.requireAll(List.of(targets), Set.of(), Set.of(), scope);
    }

    private void requireNone(ResourceKey key, WriteScope scope) {
        findReferring.refuseAny(Set.of(key), Set.of(key), scope);
    }

    @Override
    public void lookBeforeWriting(WriteScope scope, ResourceKey key, RawBsonDocument fhir) {
        if (settings.onWrite()) {
            requireAll(findTargets.of(key, fhir), scope);
        }
    }

    @Override
    public void lookBeforeDeleting(WriteScope scope, ResourceKey key) {
        if (settings.onDelete()) {
            requireNone(key, scope);
        }
    }

    @Override
    public <T> T deleting(WriteScope scope, ResourceKey key, Function<WriteTerms, T> delete) {
        if (!settings.onDelete()) {
            return delete.apply(WriteTerms.none());
        }
        Runnable look = () -> requireNone(key, scope);
        if (!settings.isWhole()) {
            return delete.apply(new WriteTerms(Instant.MAX, look));
        }
        try {
            look.run();
        } catch (Refusal referred) {
            return delete.apply(new WriteTerms(Instant.MAX, () -> {
                throw referred;
            }));
        }
        Attempts attempts = new Attempts();
        while (true) {
            Deadline wait = Deadline.in(longestWait);
            Optional<TakeGuard.Guard> guard = takeGuard.run(AnnounceReferences.guard(key));
            if (guard.isEmpty()) {
                attempts.pause(key, "others are deleting it");
                continue;
            }
            WriteTerms terms = new WriteTerms(guard.get().until().minus(margin), look);
            Optional<T> deleted = thenIfKnown(
                    () -> isAlone(key, wait, attempts) ? Optional.of(delete.apply(terms)) : Optional.empty(),
                    () -> takeGuard.giveUp(guard.get()));
            if (deleted.isPresent()) {
                return deleted.get();
            }
        }
    }

    /** Waits until nobody announces references to it; false where that took so long that the guard might not last. */
    private boolean isAlone(ResourceKey key, Deadline wait, Attempts attempts) {
        while (announceReferences.isAnyAnnounced(Set.of(key))) {
            if (wait.remaining().isNegative()) {
                return false;
            }
            attempts.pause(key, "others are writing references to it");
        }
        return true;
    }

    /** Makes what guards need, which cannot be made within a transaction. */
    void prepare() {
        if (settings.isWhole()) {
            takeGuard.guards();
            announceReferences.prepare();
        }
    }

    /** The guards of a transaction that takes no longer than this, whatever number of attempts it takes. */
    TransactionGuards guards(Duration longest) {
        return new TransactionGuards(takeGuard.lasting(longest.plus(margin)));
    }

    /** The same for what a transaction does; looked at before its end. */
    TransactionIntegrity within(OpenTransaction transaction, Duration longest, TransactionGuards guards) {
        return new TransactionIntegrity(
                settings,
                findTargets,
                findReferring,
                announceReferences.lasting(longest.plus(margin)),
                guards,
                transaction);
    }

    /** How long it has been tried. */
    private final class Attempts {
        private final Deadline deadline = Deadline.in(database.operationTimeout());
        private int lost;

        void pause(ResourceKey key, String why) {
            if (deadline.remaining().isNegative()) {
                throw new Refusal(
                        Refusal.Reason.CONFLICT, key + ": " + why + " all the time, so nothing was done: try again");
            }
            LockSupport.parkNanos(
                    ThreadLocalRandom.current().nextLong(Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(lost++, 10))));
        }
    }
}
