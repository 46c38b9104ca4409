package miroir.storage;

import java.util.Optional;
import java.util.function.Predicate;
import miroir.index.search.Condition;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.Written;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** Deletes a resource by writing a version without content. */
final class DeleteResource {
    private final StoreDatabase database;
    private final ReadCurrent readCurrent;
    private final MakeCurrent makeCurrent;
    private final CommitInstants commits;
    private final RemoveHistory removeHistory;

    DeleteResource(
            StoreDatabase database,
            ReadCurrent readCurrent,
            MakeCurrent makeCurrent,
            CommitInstants commits,
            RemoveHistory removeHistory) {
        this.database = database;
        this.readCurrent = readCurrent;
        this.makeCurrent = makeCurrent;
        this.commits = commits;
        this.removeHistory = removeHistory;
    }

    /**
     * Deletes.
     *
     * @param scope what of it the caller may do
     * @param terms are looked at where there is something to be deleted
     */
    Optional<Written> run(WriteScope scope, ResourceKey key, Precondition precondition, WriteTerms terms) {
        return WriteAttempts.until(database.operationTimeout(), key, () -> {
            scope.requireComplete();
            Optional<StoredVersion> found = readCurrent.whole(key);
            Optional<StoredVersion> before = deletable(
                    found.orElse(null),
                    scope,
                    condition ->
                            found.filter(version -> version.meets(condition)).isPresent(),
                    key,
                    precondition);
            if (before.isEmpty()) {
                return Optional.empty();
            }
            Written written = delete(before.get(), terms);
            return written == null ? null : Optional.of(written);
        });
    }

    /**
     * Refuses what {@link #run} would refuse at this moment, and writes nothing.
     *
     * @param look refuses where references stand against it
     * @return false where there is nothing that could be deleted
     */
    boolean check(WriteScope scope, ResourceKey key, Precondition precondition, Runnable look) {
        scope.requireComplete();
        Predicate<Condition> meets = condition -> readCurrent.isWithin(key, condition);
        Optional<StoredVersion> before = deletable(readCurrent.head(key).orElse(null), scope, meets, key, precondition);
        before.filter(StoredVersion::isLive).ifPresent(live -> look.run());
        return before.isPresent();
    }

    /** What is not seen is not there; what is deleted already is not changed. */
    private static Optional<StoredVersion> deletable(
            @Nullable StoredVersion current,
            WriteScope scope,
            Predicate<Condition> meets,
            ResourceKey key,
            Precondition precondition) {
        Optional<StoredVersion> before = Optional.ofNullable(current).filter(found -> scope.isSeen(meets));
        before.filter(StoredVersion::isLive).ifPresent(live -> scope.requireChangeable(meets));
        before.ifPresent(Ownership::refuseMirrored);
        CheckPrecondition.of(precondition, key, before.orElse(null));
        return before;
    }

    private @Nullable Written delete(StoredVersion before, WriteTerms terms) {
        if (before.isErased()) {
            // An attempt of ours that lost to the erasure may have left a copy in history.
            removeHistory.of(before.version().key());
        }
        if (!before.isLive()) {
            return new Written(before.version(), Written.Effect.ALREADY_DELETED);
        }
        terms.look().run();
        ResourceKey key = before.version().key();
        long version = before.version().version() + 1;
        return commits.at(before.version().from(), usual -> {
            CommitInstant instant = usual.notAfter(terms.until());
            RawBsonDocument document = VersionDocuments.deletion(key, before.position(), version, instant.from());
            return makeCurrent.next(instant.documents().upToDate(before), document, instant)
                    ? new Written(StoredVersion.of(key, document).version(), Written.Effect.DELETED, before.liveBytes())
                    : null;
        });
    }
}
