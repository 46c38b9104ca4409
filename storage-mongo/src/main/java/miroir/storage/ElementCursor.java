package miroir.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.bson.BsonType;
import org.bson.RawBsonDocument;

/**
 * Goes from element to element of one BSON document and decodes none of them. Offsets are those of the array behind the
 * document, so that a nested document can be cut out without being copied.
 */
final class ElementCursor {
    private static final int LENGTH = 4;

    private final ByteBuffer bytes;
    private final int documentStart;
    private BsonType type = BsonType.END_OF_DOCUMENT;
    private int start;
    private int valueStart;
    private int end;

    ElementCursor(RawBsonDocument document) {
        this(document.getByteBuffer().asNIO());
    }

    private ElementCursor(ByteBuffer document) {
        this.bytes = ByteBuffer.wrap(document.array()).order(ByteOrder.LITTLE_ENDIAN);
        this.documentStart = document.arrayOffset() + document.position();
        this.end = documentStart + LENGTH;
    }

    /** Goes to the next element; false at the end of the document. */
    boolean next() {
        start = end;
        type = BsonType.findByValue(bytes.get(start) & 0xff);
        if (type == BsonType.END_OF_DOCUMENT) {
            return false;
        }
        valueStart = afterText(start + 1);
        end = valueStart + valueLength();
        return true;
    }

    /** The array behind the document. */
    byte[] array() {
        return bytes.array();
    }

    /** Where the document begins, its length included. */
    int documentStart() {
        return documentStart;
    }

    /** Where the document ends, its closing zero included. */
    int documentEnd() {
        return documentStart + bytes.getInt(documentStart);
    }

    /** Where the element begins: the byte of its type. */
    int start() {
        return start;
    }

    /** Where the element ends, and the next one begins. */
    int end() {
        return end;
    }

    BsonType type() {
        return type;
    }

    String name() {
        return new String(bytes.array(), start + 1, valueStart - start - 2, StandardCharsets.UTF_8);
    }

    long int64() {
        return bytes.getLong(valueStart);
    }

    /** The nested document, which shares its bytes with this one. */
    RawBsonDocument document() {
        return new RawBsonDocument(bytes.array(), valueStart, end - valueStart);
    }

    private int valueLength() {
        return switch (type) {
            case NULL, UNDEFINED, MIN_KEY, MAX_KEY, END_OF_DOCUMENT -> 0;
            case BOOLEAN -> 1;
            case INT32 -> Integer.BYTES;
            case INT64, DOUBLE, DATE_TIME, TIMESTAMP -> Long.BYTES;
            case OBJECT_ID -> 12;
            case DECIMAL128 -> 16;
            case DOCUMENT, ARRAY, JAVASCRIPT_WITH_SCOPE -> bytes.getInt(valueStart);
            case STRING, SYMBOL, JAVASCRIPT -> LENGTH + bytes.getInt(valueStart);
            case BINARY -> LENGTH + 1 + bytes.getInt(valueStart);
            case DB_POINTER -> LENGTH + bytes.getInt(valueStart) + 12;
            case REGULAR_EXPRESSION -> afterText(afterText(valueStart)) - valueStart;
        };
    }

    private int afterText(int from) {
        int at = from;
        while (bytes.get(at) != 0) {
            at++;
        }
        return at + 1;
    }
}
