package miroir.storage;

import java.time.Instant;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** One of several puts that is to be written beside others ({@link PutTogether}); {@code before} is null where the id was never used. */
record PlainPut(
        Put put,
        WriteScope scope,
        Content content,
        @Nullable StoredVersion before,
        long position) {

    /** With the document of its version. */
    record Made(PlainPut plain, RawBsonDocument document) {
        ResourceKey key() {
            return plain.put().key();
        }

        PutOutcome stored() {
            StoredVersion before = plain.before();
            ResourceVersion now = StoredVersion.of(key(), document).version();
            return new PutOutcome.Stored(
                    before == null
                            ? new Written(now, Written.Effect.CREATED)
                            : new Written(now, Written.Effect.UPDATED, before.liveBytes()));
        }
    }

    /** When what it replaces began. */
    Instant previous() {
        return before == null ? Instant.EPOCH : before.version().from();
    }

    /** Refuses what may not be written, or cannot be stored. */
    Made at(CommitInstant instant) {
        RawBsonDocument document = instant.documents().live(version(instant.from()));
        scope.requireWritable(document, before != null);
        return new Made(this, document);
    }

    private NewVersion version(Instant from) {
        long version = before == null ? 1 : before.version().version() + 1;
        ResourceVersion.Origin origin = before == null ? put.whenNew() : ResourceVersion.Origin.UPDATED;
        return new NewVersion(put.key(), content, position, version, origin, from, null);
    }
}
