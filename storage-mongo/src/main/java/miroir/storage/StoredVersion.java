package miroir.storage;

import java.time.Instant;
import miroir.index.search.Condition;
import miroir.index.store.MeetsCondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A document of a type's collection, read in one pass.
 *
 * @param document all that was read; the whole document where it was read whole
 * @param position where it stands or, for a deletion, stood
 * @param mirrored whose it is or, for a deletion, was; null: this server's own
 */
record StoredVersion(
        ResourceVersion version,
        long position,
        @Nullable BsonBinary hash,
        @Nullable Ownership mirrored,
        RawBsonDocument document) {

    static StoredVersion of(ResourceKey key, RawBsonDocument document) {
        long version = 0;
        long position = 0;
        Instant from = Instant.EPOCH;
        RawBsonDocument fhir = null;
        BsonBinary hash = null;
        String operation = null;
        boolean erased = false;
        String source = null;
        Instant up = Instant.EPOCH;
        ElementCursor cursor = new ElementCursor(document);
        while (cursor.next()) {
            switch (cursor.name()) {
                case StoredFields.VERSION -> version = cursor.int64();
                case StoredFields.POSITION, StoredFields.POSITION_KEPT -> position = cursor.int64();
                case StoredFields.FROM -> from = Instant.ofEpochMilli(cursor.int64());
                case StoredFields.FHIR -> fhir = cursor.document();
                case StoredFields.OPERATION ->
                    operation = document.getString(StoredFields.OPERATION).getValue();
                case StoredFields.ERASED -> erased = true;
                case StoredFields.SOURCE, StoredFields.SOURCE_KEPT ->
                    source = document.getString(cursor.name()).getValue();
                case StoredFields.UPSTREAM -> up = Instant.ofEpochMilli(cursor.int64());
                case StoredFields.HASH -> hash = document.getBinary(StoredFields.HASH);
                default -> {
                    // What searches use is not read back.
                }
            }
        }
        ResourceVersion read = fhir == null
                ? new ResourceVersion.Deleted(key, version, from, erased)
                : new ResourceVersion.Live(key, version, from, position, Origins.of(operation, version), fhir);
        Ownership mirrored = source == null ? null : new Ownership(source, up);
        return new StoredVersion(read, position, hash, mirrored, document);
    }

    boolean isLive() {
        return version instanceof ResourceVersion.Live;
    }

    /** Whether it meets a condition, by its own search fields, where it was read with those that this is about. A deletion has none. */
    boolean meets(Condition condition) {
        return isLive() && MeetsCondition.test(tested(condition), condition);
    }

    /** The document is gone through for each field once, however many parts of the condition are about it. */
    private BsonDocument tested(Condition condition) {
        BsonDocument fields = new BsonDocument();
        for (String name : TestedFields.of(condition)) {
            BsonValue value = document.get(name);
            if (value != null) {
                fields.put(name, value);
            }
        }
        return fields;
    }

    /** How many bytes it has where it is live. */
    long liveBytes() {
        return isLive() ? document.getByteBuffer().remaining() : 0;
    }

    /** Whether this is what an erasure left. */
    boolean isErased() {
        return version instanceof ResourceVersion.Deleted deleted && deleted.erased();
    }
}
