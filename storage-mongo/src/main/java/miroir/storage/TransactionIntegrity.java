package miroir.storage;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * The same as {@link KeepIntegrity} for what a transaction writes and deletes. All of it counts together, so it is looked at before the end: what is
 * written may refer to what is written later, and what refers to something may be deleted with it.
 *
 * <p>Announcements and guards are written outside of the transaction, where others see them at once, and what they are about is read
 * there as well: the transaction itself sees a moment that may have been before them. They hold until MongoDB must have ended the
 * transaction, and are taken back once its end is known. Nobody waits within a transaction, since others may wait for what
 * it has written: where somebody is in the way it begins again. Where those in the way write references, its guards stay until the next attempt, so that
 * nobody else announces any, and it begins again only as often as it takes until those have ended. Where they delete it
 * gives its guards up, or two that delete what the other refers to would keep each other out.
 *
 * <p>The cost is that of one write and one deletion, whatever their number: a few queries for all of it, since MongoDB counts the time.
 */
final class TransactionIntegrity implements Integrity {
    private final IntegritySettings settings;
    private final FindTargets findTargets;
    private final FindReferring findReferring;
    private final OpenTransaction transaction;
    private final AnnounceReferences announceReferences;
    private final TransactionGuards guards;
    private final Map<ResourceKey, Targets> written = new LinkedHashMap<>();
    private final Set<ResourceKey> deleted = new HashSet<>();
    /** Of who writes; null: nothing was written yet. */
    private @Nullable WriteScope scope;

    TransactionIntegrity(
            IntegritySettings settings,
            FindTargets findTargets,
            FindReferring findReferring,
            AnnounceReferences announceReferences,
            TransactionGuards guards,
            OpenTransaction transaction) {
        this.settings = settings;
        this.findTargets = findTargets;
        this.findReferring = findReferring;
        this.announceReferences = announceReferences;
        this.guards = guards;
        this.transaction = transaction;
    }

    @Override
    public <T> T writing(WriteScope by, ResourceKey key, RawBsonDocument fhir, Function<WriteTerms, T> write) {
        scope = by;
        written.put(key, settings.onWrite() ? findTargets.of(key, fhir) : findTargets.ofAny(key, fhir));
        return write.apply(WriteTerms.none());
    }

    @Override
    public <T> T deleting(WriteScope by, ResourceKey key, Function<WriteTerms, T> delete) {
        scope = by;
        return delete.apply(new WriteTerms(Instant.MAX, () -> deleted.add(key)));
    }

    /**
     * What the transaction writes itself is announced as well: somebody may be deleting the version that it replaces, and would
     * delete the new one otherwise.
     */
    @Override
    public void check() {
        if (scope != null) {
            check(scope);
        }
    }

    private void check(WriteScope ofWriter) {
        Set<ResourceKey> targets = new HashSet<>();
        written.values().forEach(each -> targets.addAll(each.keys()));
        targets.removeAll(deleted);
        if (settings.isWhole()) {
            announce(targets);
        }
        if (settings.onWrite()) {
            findTargets.requireAll(written.values(), written.keySet(), deleted, ofWriter);
        } else {
            findTargets.refuseThose(written.values(), deleted);
        }
        if (settings.onDelete() && !deleted.isEmpty()) {
            Set<ResourceKey> own = new HashSet<>(written.keySet());
            own.addAll(deleted);
            findReferring.refuseAny(deleted, own, ofWriter);
        }
    }

    private void announce(Set<ResourceKey> targets) {
        giveWay(targets);
        if (!targets.isEmpty()) {
            AnnounceReferences.Announced announced = announceReferences.run(targets);
            transaction.whenOver(() -> announceReferences.withdraw(announced));
        }
        if (deleted.isEmpty()) {
            giveWay(targets);
            return;
        }
        if (!guards.take(deleted.stream().map(AnnounceReferences::guard).toList())) {
            throw lost();
        }
        giveWay(targets);
        if (announceReferences.isAnyAnnounced(deleted)) {
            throw lost();
        }
        guards.areNeededUntil(transaction);
    }

    /** To those who delete one of these. */
    private void giveWay(Set<ResourceKey> targets) {
        if (!targets.isEmpty() && announceReferences.isAnyGuarded(targets)) {
            guards.giveUp();
            throw lost();
        }
    }

    private static TransactionLost lost() {
        return new TransactionLost(Instant.EPOCH);
    }
}
