package miroir.storage;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;

/**
 * The same as {@link KeepIntegrity} for what a transaction writes and deletes. All of it counts together, so it is looked at before the end: what is
 * written may refer to what is written later, and what refers to something may be deleted with it.
 *
 * <p>Announcements and guards are written outside of the transaction, where others see them at once, and what they are about is read
 * there as well: the transaction itself sees a moment that may have been before them. They hold until MongoDB must have ended the
 * transaction, and are taken back once its end is known. Nobody waits within a transaction, since others may wait for what
 * it has written: where somebody is in the way it begins again.
 */
final class TransactionIntegrity implements Integrity {
    private final IntegritySettings settings;
    private final FindTargets findTargets;
    private final FindReferring findReferring;
    private final OpenTransaction transaction;
    private final AnnounceReferences announceReferences;
    private final TakeGuard takeGuard;
    private final Map<ResourceKey, Targets> written = new LinkedHashMap<>();
    private final Set<ResourceKey> deleted = new HashSet<>();

    TransactionIntegrity(
            IntegritySettings settings,
            FindTargets findTargets,
            FindReferring findReferring,
            AnnounceReferences announceReferences,
            TakeGuard takeGuard,
            OpenTransaction transaction) {
        this.settings = settings;
        this.findTargets = findTargets;
        this.findReferring = findReferring;
        this.announceReferences = announceReferences;
        this.takeGuard = takeGuard;
        this.transaction = transaction;
    }

    @Override
    public <T> T writing(ResourceKey key, RawBsonDocument fhir, Function<Instant, T> write) {
        written.put(key, settings.onWrite() ? findTargets.of(key, fhir) : new Targets(key, Map.of()));
        return write.apply(Instant.MAX);
    }

    @Override
    public <T> T deleting(ResourceKey key, Function<Instant, T> delete) {
        deleted.add(key);
        return delete.apply(Instant.MAX);
    }

    @Override
    public void check() {
        Set<ResourceKey> others = new HashSet<>();
        written.values().forEach(targets -> others.addAll(targets.keys()));
        others.removeAll(written.keySet());
        others.removeAll(deleted);
        Set<ResourceKey> leaving = settings.onDelete() ? findTargets.there(deleted) : Set.of();
        if (settings.isWhole()) {
            announce(others, leaving);
        }
        written.values().forEach(targets -> findTargets.requireAll(targets, written.keySet(), deleted));
        Set<ResourceKey> own = new HashSet<>(written.keySet());
        own.addAll(deleted);
        leaving.forEach(key -> findReferring.refuseAny(key, own));
    }

    private void announce(Set<ResourceKey> others, Set<ResourceKey> leaving) {
        if (!others.isEmpty()) {
            AnnounceReferences.Announced announced = announceReferences.run(others);
            transaction.whenOver(() -> announceReferences.withdraw(announced));
        }
        for (ResourceKey key : leaving) {
            TakeGuard.Guard guard =
                    takeGuard.run(AnnounceReferences.guard(key)).orElseThrow(TransactionIntegrity::lost);
            transaction.whenOver(() -> takeGuard.giveUp(guard));
        }
        if (announceReferences.isAnyGuarded(others) || announceReferences.isAnyAnnounced(leaving)) {
            throw lost();
        }
    }

    private static TransactionLost lost() {
        return new TransactionLost(Instant.EPOCH);
    }
}
