package miroir.index.json;

/** Values of strangers, cut so that a message stays readable. */
final class Shortened {
    private static final int MOST = 60;

    private Shortened() {}

    /** The value in quotes; control characters and lone surrogates are replaced. */
    static String quote(String value) {
        StringBuilder text = new StringBuilder("'");
        value.codePoints()
                .limit(MOST)
                .map(c -> Character.isISOControl(c) || isSurrogate(c) ? '\uFFFD' : c)
                .forEach(text::appendCodePoint);
        return text.append(value.codePointCount(0, value.length()) > MOST ? "…'" : "'")
                .toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
