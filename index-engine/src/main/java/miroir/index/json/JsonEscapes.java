package miroir.index.json;

/** Which bytes of a UTF-8 text JSON wants escaped: quotes, backslashes and everything below the space. */
final class JsonEscapes {
    /** By byte; those above 0x7f belong to longer characters and pass. */
    private static final boolean[] MUST_ESCAPE = new boolean[256];

    static {
        for (int i = 0; i < ' '; i++) {
            MUST_ESCAPE[i] = true;
        }
        MUST_ESCAPE['"'] = true;
        MUST_ESCAPE['\\'] = true;
    }

    private JsonEscapes() {}

    /** The index of the first byte that must be escaped, or {@code to}. */
    static int endOfCleanRun(byte[] utf8, int from, int to) {
        boolean[] mustEscape = MUST_ESCAPE;
        int at = from;
        while (at < to && !mustEscape[utf8[at] & 0xff]) {
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
}
