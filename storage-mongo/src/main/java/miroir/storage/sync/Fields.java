package miroir.storage.sync;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/** A document that is being written, field by field, and the reading of such fields. */
final class Fields {
    private final BsonDocument document = new BsonDocument();

    Fields text(String name, @Nullable String value) {
        return value(name, value == null ? BsonNull.VALUE : new BsonString(value));
    }

    Fields cause(String name, @Nullable Cause value) {
        Cause.put(this, name, value);
        return this;
    }

    Fields number(String name, long value) {
        return value(name, new BsonInt64(value));
    }

    Fields fraction(String name, double value) {
        return value(name, new BsonDouble(value));
    }

    Fields flag(String name, boolean value) {
        return value(name, BsonBoolean.valueOf(value));
    }

    Fields instant(String name, @Nullable Instant value) {
        return value(name, value == null ? BsonNull.VALUE : new BsonDateTime(value.toEpochMilli()));
    }

    Fields value(String name, BsonValue value) {
        document.append(name, value);
        return this;
    }

    BsonDocument document() {
        return document;
    }

    /** A number that is another one where the document is; never 0. */
    static long version(BsonDocument document) {
        ByteBuffer bytes = new RawBsonDocument(document, new BsonDocumentCodec())
                .getByteBuffer()
                .asNIO();
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return 1 + (ByteBuffer.wrap(digest.digest()).getLong() & 0xFF_FFFF_FFFF_FFFL);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    static @Nullable String text(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        return value == null || !value.isString() ? null : value.asString().getValue();
    }

    static String text(BsonDocument document, String name, String otherwise) {
        String text = text(document, name);
        return text == null ? otherwise : text;
    }

    static long number(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        return value == null || !value.isNumber() ? 0 : value.asNumber().longValue();
    }

    static double fraction(BsonDocument document, String name, double otherwise) {
        BsonValue value = document.get(name);
        return value == null || !value.isNumber() ? otherwise : value.asNumber().doubleValue();
    }

    static boolean flag(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        return value != null && value.isBoolean() && value.asBoolean().getValue();
    }

    static @Nullable Instant instant(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        return value == null || !value.isDateTime()
                ? null
                : Instant.ofEpochMilli(value.asDateTime().getValue());
    }
}
