package miroir.storage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Set;
import org.bson.BsonBinary;
import org.bson.BsonType;
import org.bson.RawBsonDocument;
import org.bson.io.BasicOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A resource as it was received, cut where {@code meta} stands or would stand. The store owns two elements,
 * {@code meta.versionId} and {@code meta.lastUpdated}: the hash leaves them out, and {@link #complete} writes them.
 * Everything else stays the very bytes that came in.
 */
final class Content {
    private static final Set<String> OWNED = Set.of("versionId", "lastUpdated");
    private static final Set<String> BEFORE_OWNED = Set.of("id", "_id", "extension");
    private static final int HASH_BYTES = 16;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final int metaStart;
    private final int metaEnd;
    private final BasicOutputBuffer metaHead = new BasicOutputBuffer(64);
    private final BasicOutputBuffer metaTail = new BasicOutputBuffer(256);
    private final BsonBinary hash;

    Content(RawBsonDocument fhir) {
        ElementCursor cursor = new ElementCursor(fhir);
        this.bytes = cursor.array();
        this.start = cursor.documentStart() + Integer.BYTES;
        this.end = cursor.documentEnd() - 1;
        int cut = start;
        int resume = -1;
        RawBsonDocument meta = null;
        while (resume < 0 && cursor.next()) {
            String name = cursor.name();
            if (name.equals("meta") && cursor.type() == BsonType.DOCUMENT) {
                meta = cursor.document();
                cut = cursor.start();
                resume = cursor.end();
            } else if (name.equals("id") || name.equals("resourceType")) {
                cut = cursor.end();
            }
        }
        this.metaStart = cut;
        this.metaEnd = resume < 0 ? cut : resume;
        cutMeta(meta);
        this.hash = new BsonBinary(Arrays.copyOf(digest(), HASH_BYTES));
    }

    /** 128 bits that are the same as long as the content is; see docs/storage.md for what counts as content. */
    BsonBinary hash() {
        return hash;
    }

    private byte[] digest() {
        MessageDigest digest = sha256();
        digest.update(bytes, start, metaStart - start);
        if (metaHead.getSize() + metaTail.getSize() > 0) {
            digest.update("meta".getBytes(StandardCharsets.US_ASCII));
            digest.update(metaHead.getInternalBuffer(), 0, metaHead.getSize());
            digest.update(metaTail.getInternalBuffer(), 0, metaTail.getSize());
            digest.update((byte) 0);
        }
        digest.update(bytes, metaEnd, end - metaEnd);
        return digest.digest();
    }

    /** The same resource with both elements of the store in {@code meta}, where FHIR has them. */
    RawBsonDocument complete(long version, String lastUpdated) {
        try (BasicOutputBuffer whole = new BasicOutputBuffer(end - start + 128)) {
            whole.writeInt32(0);
            whole.writeBytes(bytes, start, metaStart - start);
            whole.writeByte(BsonType.DOCUMENT.getValue());
            whole.writeCString("meta");
            int metaLength = whole.getPosition();
            whole.writeInt32(0);
            whole.writeBytes(metaHead.getInternalBuffer(), 0, metaHead.getSize());
            writeText(whole, "versionId", Long.toString(version));
            writeText(whole, "lastUpdated", lastUpdated);
            whole.writeBytes(metaTail.getInternalBuffer(), 0, metaTail.getSize());
            whole.writeByte(0);
            whole.writeInt32(metaLength, whole.getPosition() - metaLength);
            whole.writeBytes(bytes, metaEnd, end - metaEnd);
            whole.writeByte(0);
            whole.writeInt32(0, whole.getPosition());
            return new RawBsonDocument(whole.getInternalBuffer(), 0, whole.getSize());
        }
    }

    private void cutMeta(@Nullable RawBsonDocument meta) {
        if (meta == null) {
            return;
        }
        ElementCursor cursor = new ElementCursor(meta);
        boolean before = true;
        while (cursor.next()) {
            String name = cursor.name();
            before = before && BEFORE_OWNED.contains(name);
            if (!OWNED.contains(name)) {
                (before ? metaHead : metaTail).writeBytes(bytes, cursor.start(), cursor.end() - cursor.start());
            }
        }
    }

    private static void writeText(BasicOutputBuffer out, String name, String text) {
        out.writeByte(BsonType.STRING.getValue());
        out.writeCString(name);
        out.writeString(text);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
