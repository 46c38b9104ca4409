package miroir.index.path;

import org.bson.BsonType;

/** The layout of BSON, read where it lies. */
final class RawBytes {
    static final byte DOUBLE = (byte) BsonType.DOUBLE.getValue();
    static final byte STRING = (byte) BsonType.STRING.getValue();
    static final byte DOCUMENT = (byte) BsonType.DOCUMENT.getValue();
    static final byte ARRAY = (byte) BsonType.ARRAY.getValue();
    static final byte BOOLEAN = (byte) BsonType.BOOLEAN.getValue();
    static final byte NULL = (byte) BsonType.NULL.getValue();
    static final byte INT32 = (byte) BsonType.INT32.getValue();
    static final byte INT64 = (byte) BsonType.INT64.getValue();
    static final byte DECIMAL128 = (byte) BsonType.DECIMAL128.getValue();
    private static final byte DATE_TIME = (byte) BsonType.DATE_TIME.getValue();
    private static final byte BINARY = (byte) BsonType.BINARY.getValue();
    private static final byte OBJECT_ID = (byte) BsonType.OBJECT_ID.getValue();

    private RawBytes() {}

    static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    static long int64(byte[] bytes, int at) {
        return (int32(bytes, at) & 0xffffffffL) | (long) int32(bytes, at + 4) << 32;
    }

    /** Where the value of this type at this place ends. */
    static int end(byte[] bytes, byte type, int at) {
        if (type == STRING) {
            return at + 4 + int32(bytes, at);
        }
        if (type == DOCUMENT || type == ARRAY) {
            return at + int32(bytes, at);
        }
        if (type == BOOLEAN) {
            return at + 1;
        }
        if (type == INT32) {
            return at + 4;
        }
        if (type == DECIMAL128) {
            return at + 16;
        }
        return rareEnd(bytes, type, at);
    }

    private static int rareEnd(byte[] bytes, byte type, int at) {
        if (type == INT64 || type == DOUBLE || type == DATE_TIME) {
            return at + 8;
        }
        if (type == NULL) {
            return at;
        }
        if (type == BINARY) {
            return at + 5 + int32(bytes, at);
        }
        if (type == OBJECT_ID) {
            return at + 12;
        }
        throw new IllegalStateException("a stored resource holds BSON type " + type + ", which no JSON has");
    }

    /** Where the zero byte is that ends the name starting here. */
    static int endOfName(byte[] bytes, int at) {
        int end = at;
        while (bytes[end] != 0) {
            end++;
        }
        return end;
    }

    /** Whether the name between these places is this one, which is ASCII as all names of FHIR are. */
    static boolean isName(byte[] bytes, int from, int to, String name) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (bytes[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
