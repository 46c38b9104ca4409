package miroir.index.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Which bytes of a UTF-8 text JSON wants escaped: quotes, backslashes and everything below the space. The search looks
 * at eight bytes at a time: subtracting 0x20 from each byte borrows into its highest bit exactly where the byte was
 * smaller (and had no highest bit of its own), and a byte equal to a quote becomes zero under exclusive or, which the
 * same trick finds. Bytes above 0x7f belong to longer characters and pass.
 */
final class JsonEscapes {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long SPACES = ONES * 0x20;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private JsonEscapes() {}

    /** The index of the first byte that must be escaped, or {@code to}. */
    static int endOfCleanRun(byte[] utf8, int from, int to) {
        int at = from;
        while (at <= to - 8 && isClean((long) EIGHT_BYTES.get(utf8, at))) {
            at += 8;
        }
        while (at < to && !mustEscape(utf8[at])) {
            at++;
        }
        return at;
    }

    /** The letter after the backslash where JSON has a short form, else 0. */
    static byte letter(byte value) {
        return switch (value) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            case '\b' -> 'b';
            case '\f' -> 'f';
            default -> 0;
        };
    }

    private static boolean isClean(long word) {
        long quote = word ^ QUOTES;
        long backslash = word ^ BACKSLASHES;
        long dirty = ((word - SPACES) & ~word) | ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash);
        return (dirty & HIGH_BITS) == 0;
    }

    private static boolean mustEscape(byte value) {
        return (value >= 0 && value < 0x20) || value == '"' || value == '\\';
    }
}
