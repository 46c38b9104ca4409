package miroir.storage;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.search.CanonicalCondition;
import miroir.index.store.Criteria;
import miroir.index.store.Written;
import org.jspecify.annotations.Nullable;

/**
 * Creates where a search finds nothing, so that of many who do so at the same time one creates.
 *
 * <p>The problem: between the search and the write others search too, find nothing, and write as well. There is no document yet
 * on which they could meet, and MongoDB's transactions do not help: two of them that read nothing and insert different documents
 * do not conflict. Processes are killed, or stand still, between any two steps.
 *
 * <p>The approach: they meet on a guard, a document whose id is the hash of type and criteria.
 *
 * <ol>
 *   <li>take the guard, for as long as a commit may take and a margin. Where somebody else has it, look whether he has created
 *       by now, and try again;
 *   <li>search. The guard was taken by a majority, and so was everything before it: what an earlier holder created is found;
 *   <li>create, with the limit that is the margin before the guard's end. The primary's clock decides both, so what it applies
 *       for this holder it has applied before anybody else can have the guard. Who stood still in between writes nothing, and
 *       begins again;
 *   <li>give the guard up, unless nobody knows what became of the create: then it lasts until its end, and by that time the
 *       create is done or will never be.
 * </ol>
 *
 * <p>A kill after 1 or 2 leaves the guard and nothing else: the next one waits until its end, which is 15 seconds. A kill after 3
 * leaves the resource, which is found without the guard. A kill within 3 is one or the other.
 *
 * <p>The cost: three round trips more than a create, and only where the first search found nothing. A unique index
 * would need to know the criteria beforehand. One counter for each type, written by all that create by criteria, would make
 * those wait for each other that have nothing to do with each other.
 */
final class CreateUnlessFound implements CreateOnce {
    private static final long LONGEST_PAUSE = Duration.ofMillis(200).toNanos();
    private static final long FIRST_PAUSE = Duration.ofMillis(4).toNanos();

    private final TakeGuard takeGuard;
    private final Duration margin;

    CreateUnlessFound(StoreDatabase database, FloorTerms terms) {
        this.takeGuard = new TakeGuard(database, terms.write().plus(terms.margin()));
        this.margin = terms.margin();
    }

    /** An attempt after which there is a resource: the one that it created, or one that it found, which is null here. */
    private record Ended(@Nullable Written created) {}

    /** Makes what guards need, which cannot be made within a transaction. */
    void prepare() {
        takeGuard.guards();
    }

    @Override
    public Optional<Written> run(Criteria criteria, BooleanSupplier isFound, Function<Instant, Written> create) {
        String name = name(criteria);
        for (int lost = 0; ; lost++) {
            Ended ended = attempt(name, isFound, create);
            if (ended != null) {
                return Optional.ofNullable(ended.created());
            }
            if (criteria.deadline().remaining().isNegative()) {
                throw new Refusal(
                        Refusal.Reason.NOT_READY,
                        "others have been creating a " + criteria.type()
                                + " by the same criteria all the time that there was: try again");
            }
            LockSupport.parkNanos(
                    ThreadLocalRandom.current().nextLong(Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(lost, 10))));
        }
    }

    /** The same for the same question, however it is put. */
    static String name(Criteria criteria) {
        String question = criteria.type() + "?" + CanonicalCondition.of(criteria.where());
        return HashName.of(question.getBytes(StandardCharsets.UTF_8));
    }

    /** Null where somebody else has the guard and has created nothing yet, or where our time with it was over. */
    private @Nullable Ended attempt(String name, BooleanSupplier isFound, Function<Instant, Written> create) {
        Optional<TakeGuard.Guard> guard = takeGuard.run(name);
        if (guard.isPresent()) {
            return holding(guard.get(), isFound, create);
        }
        return isFound.getAsBoolean() ? new Ended(null) : null;
    }

    private @Nullable Ended holding(TakeGuard.Guard guard, BooleanSupplier isFound, Function<Instant, Written> create) {
        Ended ended;
        try {
            ended = new Ended(
                    isFound.getAsBoolean() ? null : create.apply(guard.until().minus(margin)));
        } catch (Refusal refused) {
            // Nothing was written, and nothing will be.
            takeGuard.giveUp(guard);
            if (refused.reason() == Refusal.Reason.EXPIRED) {
                return null;
            }
            throw refused;
        }
        takeGuard.giveUp(guard);
        return ended;
    }
}
