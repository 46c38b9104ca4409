package miroir.storage;

import java.time.Instant;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.Written;
import org.bson.BsonBinary;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** Creates a resource, updates it, or creates it again after a deletion. */
final class PutResource {
    private final StoreDatabase database;
    private final ReadCurrent readCurrent;
    private final TakePositions takePositions;
    private final CommitVersion commitVersion;
    private final VersionDocuments documents;
    private final CommitClock clock;

    PutResource(
            StoreDatabase database,
            ReadCurrent readCurrent,
            TakePositions takePositions,
            CommitVersion commitVersion,
            VersionDocuments documents,
            CommitClock clock) {
        this.database = database;
        this.readCurrent = readCurrent;
        this.takePositions = takePositions;
        this.commitVersion = commitVersion;
        this.documents = documents;
        this.clock = clock;
    }

    Written run(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        Content content = new Content(fhir);
        BsonBinary hash = content.hash();
        return WriteAttempts.until(database.operationTimeout(), key, () -> {
            Optional<StoredVersion> before = readCurrent.whole(key);
            before.filter(StoredVersion::isLive).ifPresent(live -> refuseInvisible(caller, key));
            CheckPrecondition.of(precondition, key, before);
            return before.isPresent() ? replace(before.get(), content, hash) : create(key, content, hash);
        });
    }

    private @Nullable Written create(ResourceKey key, Content content, BsonBinary hash) {
        RawBsonDocument document = documents.live(key, content, hash, takePositions.next(key.type()), 1, clock.now());
        return commitVersion.first(key, document) ? written(key, document, Written.Effect.CREATED) : null;
    }

    private @Nullable Written replace(StoredVersion before, Content content, BsonBinary hash) {
        if (before.isLive() && hash.equals(before.hash())) {
            // The same content, found by fields of an older registry or extraction, gets the fields of today.
            boolean upToDate = documents.isOfThisGeneration(before)
                    || commitVersion.rewrite(before, documents.ofThisGeneration(before));
            return upToDate ? new Written(before.version(), Written.Effect.UNCHANGED) : null;
        }
        ResourceKey key = before.version().key();
        Instant from = clock.after(before.version().from());
        RawBsonDocument document = documents.live(
                key, content, hash, before.position(), before.version().version() + 1, from);
        return commitVersion.next(before, document, from)
                ? written(key, document, before.isLive() ? Written.Effect.UPDATED : Written.Effect.CREATED)
                : null;
    }

    private void refuseInvisible(Caller caller, ResourceKey key) {
        if (!readCurrent.isVisible(key, caller.scope())) {
            throw new Refusal(Refusal.Reason.FORBIDDEN, key + " is outside of what the caller may see");
        }
    }

    private static Written written(ResourceKey key, RawBsonDocument document, Written.Effect effect) {
        return new Written(StoredVersion.of(key, document).version(), effect);
    }
}
