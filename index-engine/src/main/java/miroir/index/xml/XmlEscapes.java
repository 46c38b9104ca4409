package miroir.index.xml;

import java.nio.charset.StandardCharsets;
import miroir.index.json.Utf8Buffer;

/**
 * Text as the value of an XML attribute. Tabulators and line ends would be read as spaces, so they are written as
 * references. Control characters and U+FFFE and U+FFFF have no form in XML at all, not even as a reference; they become
 * U+FFFD.
 */
public final class XmlEscapes {
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);
    private static final byte LEAD_OF_NONCHARACTER = (byte) 0xEF;

    /** By byte; of those above 0x7f only the one that the two characters without a form begin with. */
    private static final boolean[] TO_LOOK_AT = new boolean[256];

    static {
        for (int i = 0; i < ' '; i++) {
            TO_LOOK_AT[i] = true;
        }
        TO_LOOK_AT['"'] = true;
        TO_LOOK_AT['&'] = true;
        TO_LOOK_AT['<'] = true;
        TO_LOOK_AT['>'] = true;
        TO_LOOK_AT[LEAD_OF_NONCHARACTER & 0xff] = true;
    }

    private XmlEscapes() {}

    /** Puts UTF-8 text; the common run without escapes is copied in one piece. */
    static void put(Utf8Buffer out, byte[] utf8, int from, int to) {
        int at = from;
        while (at < to) {
            int clean = endOfCleanRun(utf8, at, to);
            out.putBytes(utf8, at, clean - at);
            at = clean == to ? to : putOne(out, utf8, clean, to);
        }
    }

    /** Puts text. */
    public static void put(Utf8Buffer out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        put(out, utf8, 0, utf8.length);
    }

    private static int endOfCleanRun(byte[] utf8, int from, int to) {
        int at = from;
        while (at < to && !TO_LOOK_AT[utf8[at] & 0xff]) {
            at++;
        }
        return at;
    }

    /** Puts the character that starts here; returns where the next one does. */
    private static int putOne(Utf8Buffer out, byte[] utf8, int at, int to) {
        byte value = utf8[at];
        if (value == LEAD_OF_NONCHARACTER) {
            int end = Math.min(at + 3, to);
            if (isNoncharacter(utf8, at, end)) {
                out.putBytes(REPLACEMENT);
            } else {
                out.putBytes(utf8, at, end - at);
            }
            return end;
        }
        switch (value) {
            case '"' -> out.putAscii("&quot;");
            case '&' -> out.putAscii("&amp;");
            case '<' -> out.putAscii("&lt;");
            case '>' -> out.putAscii("&gt;");
            case '\t' -> out.putAscii("&#9;");
            case '\n' -> out.putAscii("&#10;");
            case '\r' -> out.putAscii("&#13;");
            default -> out.putBytes(REPLACEMENT);
        }
        return at + 1;
    }

    private static boolean isNoncharacter(byte[] utf8, int at, int end) {
        return end - at == 3 && utf8[at + 1] == (byte) 0xBF && (utf8[at + 2] & 0xff) >= 0xBE;
    }
}
