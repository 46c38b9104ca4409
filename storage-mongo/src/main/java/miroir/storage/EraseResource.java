package miroir.storage;

import java.util.Optional;
import miroir.index.store.Erased;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Erases a resource for data protection: no content of any version is left, only that the id was used, and that nobody may
 * use it again.
 *
 * <p>The problem: history and current are two collections, writers go on meanwhile, and a crash may come at any point. So
 * the mark comes first. It replaces the current document as a version of its own, without a copy in history; from then on
 * nobody can write a next version, and whatever history still has is not shown: {@link ReadVersion} and
 * {@link SelectHistory} heed the mark. Then history is emptied.
 *
 * <p>What can be left: after a crash, versions that were not removed yet; and the copy of a writer that had read the last
 * version before the mark and puts it into history after it was emptied. That writer's replacement matches nothing, it reads
 * again, finds the mark and empties history itself, and so does {@link MarkReturns}; where it has died,
 * {@link RepairHistory} does, which goes through all marks. Emptying first would be no better, since a copy can always come later, and would show gaps meanwhile.
 *
 * <p>The mark is the list of what must not come back as well: {@link SelectErased}.
 */
final class EraseResource {
    private final StoreDatabase database;
    private final ReadCurrent readCurrent;
    private final CommitVersion commitVersion;
    private final Commits commits;
    private final RemoveHistory removeHistory;

    EraseResource(
            StoreDatabase database,
            ReadCurrent readCurrent,
            CommitVersion commitVersion,
            Commits commits,
            RemoveHistory removeHistory) {
        this.database = database;
        this.readCurrent = readCurrent;
        this.commitVersion = commitVersion;
        this.commits = commits;
        this.removeHistory = removeHistory;
    }

    /**
     * Erases.
     *
     * @param scope what of it the caller may do
     */
    Optional<Erased> run(WriteScope scope, ResourceKey key) {
        return WriteAttempts.until(database.operationTimeout(), key, () -> {
            scope.requireComplete();
            Optional<StoredVersion> before = readCurrent.whole(key);
            if (before.isEmpty() || !scope.isSeen(before.get()::meets)) {
                return Optional.empty();
            }
            scope.requireChangeable(before.get()::meets);
            Erased erased = before.get().isErased() ? again(before.get()) : mark(before.get());
            return erased == null ? null : Optional.of(erased);
        });
    }

    /** The second half, which a crash may have left out. */
    private Erased again(StoredVersion mark) {
        ResourceKey key = mark.version().key();
        long version = mark.version().version();
        return new Erased(key, version, removeHistory.of(key, version));
    }

    private @Nullable Erased mark(StoredVersion before) {
        ResourceKey key = before.version().key();
        long version = before.version().version();
        boolean marked = commits.at(before.version().from(), instant -> {
                    RawBsonDocument mark =
                            VersionDocuments.erasure(key, before.position(), version + 1, instant.from());
                    return commitVersion.inPlaceOf(before, mark, instant) ? true : null;
                })
                != null;
        if (!marked) {
            return null;
        }
        return new Erased(key, version + 1, removeHistory.of(key, version) + (before.isLive() ? 1 : 0));
    }
}
