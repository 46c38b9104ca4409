package miroir.index.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks for the first byte that has no place in UTF-8 text: a stray continuation byte, an overlong form, a surrogate, a
 * code point above U+10FFFF, an end in the middle of a character, or a zero byte (by which UTF-16 gives itself away).
 * Done before parsing, because the parser decodes more than it should and guesses other encodings. Eight ASCII bytes are
 * passed at a time.
 */
public final class Utf8Fault {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8Fault() {}

    /** The index of the first faulty byte, or -1. */
    public static int find(byte[] text) {
        int at = 0;
        while (at < text.length) {
            if (at <= text.length - 8 && isAscii((long) EIGHT_BYTES.get(text, at))) {
                at += 8;
                continue;
            }
            int length = lengthAt(text, at);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    private static boolean isAscii(long word) {
        return ((word | ((word - ONES) & ~word)) & HIGH_BITS) == 0;
    }

    /** How many bytes the character takes that starts here; 0 if none does. */
    private static int lengthAt(byte[] text, int at) {
        int lead = text[at] & 0xff;
        if (lead < 0x80) {
            return lead == 0 ? 0 : 1;
        } else if (lead < 0xc2) {
            return 0;
        } else if (lead < 0xe0) {
            return continues(text, at + 1, 0x80, 0xbf) ? 2 : 0;
        } else if (lead < 0xf0) {
            boolean second = continues(text, at + 1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf);
            return second && continues(text, at + 2, 0x80, 0xbf) ? 3 : 0;
        } else if (lead < 0xf5) {
            boolean second = continues(text, at + 1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf);
            return second && continues(text, at + 2, 0x80, 0xbf) && continues(text, at + 3, 0x80, 0xbf) ? 4 : 0;
        }
        return 0;
    }

    private static boolean continues(byte[] text, int at, int least, int most) {
        return at < text.length && (text[at] & 0xff) >= least && (text[at] & 0xff) <= most;
    }
}
