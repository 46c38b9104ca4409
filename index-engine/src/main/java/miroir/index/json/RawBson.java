package miroir.index.json;

import java.nio.charset.StandardCharsets;

/**
 * The little of the BSON format that resources use: an element is a type, a name that ends with zero, a value. Numbers are
 * put together from single bytes: a VarHandle is as fast only after the last compilation, and thirty times slower before.
 */
public final class RawBson {
    public static final byte DOUBLE = 0x01;
    public static final byte STRING = 0x02;
    public static final byte DOCUMENT = 0x03;
    public static final byte ARRAY = 0x04;
    public static final byte BOOLEAN = 0x08;
    public static final byte NULL = 0x0a;
    public static final byte INT32 = 0x10;
    public static final byte INT64 = 0x12;
    public static final byte DECIMAL128 = 0x13;

    private RawBson() {}

    /** The whole number of four bytes that starts here. */
    public static int intAt(byte[] bson, int at) {
        return (bson[at] & 0xff) | ((bson[at + 1] & 0xff) << 8) | ((bson[at + 2] & 0xff) << 16) | (bson[at + 3] << 24);
    }

    static void setInt(byte[] bson, int at, int value) {
        bson[at] = (byte) value;
        bson[at + 1] = (byte) (value >> 8);
        bson[at + 2] = (byte) (value >> 16);
        bson[at + 3] = (byte) (value >> 24);
    }

    static long longAt(byte[] bson, int at) {
        return (intAt(bson, at) & 0xffffffffL) | ((long) intAt(bson, at + 4) << 32);
    }

    static void setLong(byte[] bson, int at, long value) {
        setInt(bson, at, (int) value);
        setInt(bson, at + 4, (int) (value >> 32));
    }

    /** The index of the zero that ends the name starting here. */
    public static int endOfName(byte[] bson, int from) {
        int at = from;
        while (bson[at] != 0) {
            at++;
        }
        return at;
    }

    /** The UTF-8 between these places. */
    public static String text(byte[] bson, int from, int to) {
        return new String(bson, from, to - from, StandardCharsets.UTF_8);
    }

    /** The string whose value starts here. */
    public static String stringAt(byte[] bson, int at) {
        return text(bson, at + 4, at + 3 + intAt(bson, at));
    }

    /** How many bytes the value takes that starts here. */
    public static int sizeOf(byte type, byte[] bson, int at) {
        return switch (type) {
            case STRING -> 4 + intAt(bson, at);
            case DOCUMENT, ARRAY -> intAt(bson, at);
            case BOOLEAN -> 1;
            case NULL -> 0;
            case INT32 -> 4;
            case INT64, DOUBLE -> 8;
            case DECIMAL128 -> 16;
            default -> throw new IllegalArgumentException("a resource holds no BSON value of type " + type);
        };
    }

    /** Where the value of that element of the document starts, or -1; the type stands right before the name. */
    public static int find(byte[] bson, int document, String name) {
        int at = document + 4;
        while (bson[at] != 0) {
            int end = endOfName(bson, at + 1);
            if (isText(bson, at + 1, end, name)) {
                return end + 1;
            }
            at = end + 1 + sizeOf(bson[at], bson, end + 1);
        }
        return -1;
    }

    /** Whether these bytes are that ASCII text. */
    public static boolean isText(byte[] bson, int from, int to, String ascii) {
        if (to - from != ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bson[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
