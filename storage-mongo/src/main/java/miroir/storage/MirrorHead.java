package miroir.storage;

import com.mongodb.client.model.Projections;
import java.time.Instant;
import org.bson.BsonBinary;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** What must be known of a current document to tell whether what comes in changes it: a small part of it. */
record MirrorHead(
        long version,
        boolean live,
        boolean erased,
        @Nullable BsonBinary hash,
        @Nullable String source,
        Instant up) {

    static final Bson PARTS = Projections.include(
            StoredFields.VERSION,
            StoredFields.DELETED,
            StoredFields.ERASED,
            StoredFields.HASH,
            StoredFields.SOURCE,
            StoredFields.SOURCE_KEPT,
            StoredFields.UPSTREAM);

    static MirrorHead of(RawBsonDocument document) {
        long version = 0;
        boolean live = true;
        boolean erased = false;
        BsonBinary hash = null;
        String source = null;
        Instant up = Instant.EPOCH;
        ElementCursor cursor = new ElementCursor(document);
        while (cursor.next()) {
            String name = cursor.name();
            switch (name) {
                case StoredFields.VERSION -> version = cursor.int64();
                case StoredFields.DELETED -> live = false;
                case StoredFields.ERASED -> erased = true;
                case StoredFields.HASH -> hash = document.getBinary(name);
                case StoredFields.SOURCE, StoredFields.SOURCE_KEPT ->
                    source = document.getString(name).getValue();
                case StoredFields.UPSTREAM -> up = Instant.ofEpochMilli(cursor.int64());
                default -> {
                    // the id
                }
            }
        }
        return new MirrorHead(version, live, erased, hash, source, up);
    }
}
