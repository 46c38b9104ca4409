package miroir.storage;

import java.time.Instant;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** Creates a resource, updates it, or creates it again after a deletion. */
final class PutResource {
    /** What is to be written, however many attempts it takes. */
    private record Write(
            WriteScope scope, ResourceKey key, Content content, ResourceVersion.Origin whenNew, Instant until) {}

    private final StoreDatabase database;
    private final ReadCurrent readCurrent;
    private final TakePositions takePositions;
    private final MakeCurrent makeCurrent;
    private final OpenNumbers numbers;
    private final CommitInstants commits;
    private final RemoveHistory removeHistory;

    PutResource(
            StoreDatabase database,
            ReadCurrent readCurrent,
            TakePositions takePositions,
            MakeCurrent makeCurrent,
            OpenNumbers numbers,
            CommitInstants commits,
            RemoveHistory removeHistory) {
        this.database = database;
        this.readCurrent = readCurrent;
        this.takePositions = takePositions;
        this.makeCurrent = makeCurrent;
        this.numbers = numbers;
        this.commits = commits;
        this.removeHistory = removeHistory;
    }

    /**
     * Writes.
     *
     * @param scope what of it the caller may do
     * @param whenNew how the version came to be where it is not an update
     * @param terms are looked at once nothing else stands against it
     */
    Written run(
            WriteScope scope,
            ResourceKey key,
            RawBsonDocument fhir,
            Precondition precondition,
            ResourceVersion.Origin whenNew,
            WriteTerms terms) {
        Write write = new Write(scope, key, new Content(fhir), whenNew, terms.until());
        return WriteAttempts.until(database.operationTimeout(), key, () -> {
            scope.requireComplete();
            Optional<StoredVersion> before = readCurrent.whole(key);
            // An attempt that lost to the erasure may have put a copy into history after the erasure had emptied it.
            before.filter(StoredVersion::isErased).ifPresent(erased -> removeHistory.of(key));
            before.filter(StoredVersion::isLive).ifPresent(live -> scope.requireChangeable(live::meets));
            requireWritable(before.orElse(null), key, precondition, terms.look());
            return before.isPresent() ? replace(before.get(), write) : create(write);
        });
    }

    /**
     * Refuses what {@link #run} would refuse at this moment, and writes nothing.
     *
     * @param look refuses where references stand against it
     */
    void check(WriteScope scope, ResourceKey key, RawBsonDocument fhir, Precondition precondition, Runnable look) {
        scope.requireComplete();
        Optional<StoredVersion> before = readCurrent.head(key);
        boolean isUpdate = before.filter(StoredVersion::isLive).isPresent();
        if (isUpdate) {
            scope.requireChangeable(condition -> readCurrent.isWithin(key, condition));
        }
        requireWritable(before.orElse(null), key, precondition, look);
        Write write = new Write(scope, key, new Content(fhir), ResourceVersion.Origin.UPDATED, Instant.MAX);
        NewVersion made = version(write, Long.MAX_VALUE, Long.MAX_VALUE, ResourceVersion.Origin.UPDATED, Instant.EPOCH);
        scope.requireWritable(numbers.current().live(made), isUpdate);
    }

    private static void requireWritable(
            @Nullable StoredVersion before, ResourceKey key, Precondition precondition, Runnable look) {
        if (before != null && before.isErased()) {
            throw erased(key);
        }
        if (before != null) {
            Ownership.refuseMirrored(before);
        }
        CheckPrecondition.of(precondition, key, before);
        look.run();
    }

    private @Nullable Written create(Write write) {
        ResourceKey key = write.key();
        long position = takePositions.next(key.type());
        return commits.at(Instant.EPOCH, usual -> {
            CommitInstant instant = usual.notAfter(write.until());
            NewVersion made = version(write, position, 1, write.whenNew(), instant.from());
            RawBsonDocument document = instant.documents().live(made);
            write.scope().requireWritable(document, false);
            return makeCurrent.first(key, document, instant) ? written(key, document, Written.Effect.CREATED, 0) : null;
        });
    }

    private @Nullable Written replace(StoredVersion before, Write write) {
        if (before.isLive() && write.content().hash().equals(before.hash())) {
            return new Written(before.version(), Written.Effect.UNCHANGED, before.liveBytes());
        }
        ResourceVersion.Origin origin = before.isLive() ? ResourceVersion.Origin.UPDATED : write.whenNew();
        long version = before.version().version() + 1;
        return commits.at(before.version().from(), usual -> {
            CommitInstant instant = usual.notAfter(write.until());
            NewVersion made = version(write, before.position(), version, origin, instant.from());
            RawBsonDocument document = instant.documents().live(made);
            write.scope().requireWritable(document, before.isLive());
            return makeCurrent.next(instant.documents().upToDate(before), document, instant)
                    ? written(
                            write.key(),
                            document,
                            before.isLive() ? Written.Effect.UPDATED : Written.Effect.CREATED,
                            before.liveBytes())
                    : null;
        });
    }

    private static NewVersion version(
            Write write, long position, long version, ResourceVersion.Origin origin, Instant from) {
        return new NewVersion(write.key(), write.content(), position, version, origin, from, null);
    }

    private static Refusal erased(ResourceKey key) {
        return new Refusal(
                Refusal.Reason.CONFLICT, key + " was erased for data protection and cannot be written again");
    }

    private static Written written(ResourceKey key, RawBsonDocument document, Written.Effect effect, long replaced) {
        return new Written(StoredVersion.of(key, document).version(), effect, replaced);
    }
}
