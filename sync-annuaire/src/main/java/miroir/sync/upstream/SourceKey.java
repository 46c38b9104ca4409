package miroir.sync.upstream;

/**
 * The header that opens a source. Its value is a secret: nothing shows it.
 *
 * @param value empty: the header is not sent
 * @param from where the value comes from, in words; empty: nowhere
 */
public record SourceKey(String header, String value, String from) {
    public SourceKey {
        // The client refuses such a value too, but with a sentence that has the value in it.
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                throw new IllegalArgumentException(
                        "the key, " + value.length() + " characters that are not shown, has at" + " place " + (i + 1)
                                + " one that no header can hold, such as a line break or a byte order mark");
            }
        }
    }

    public SourceKey(String header, String value) {
        this(header, value, "");
    }

    /** For servers that are open. */
    public static SourceKey none() {
        return new SourceKey("ESANTE-API-KEY", "");
    }

    public boolean isEmpty() {
        return value.isEmpty();
    }

    /** The text without the value, which a server may say again in what it answers. */
    String hiddenIn(String text) {
        return isEmpty() ? text : text.replace(value, "(the key)");
    }

    /** Why there is none. */
    String missing() {
        return from.isEmpty() ? "the source has neither keyVariable nor keyFile" : from + " is not set";
    }

    @Override
    public String toString() {
        return header + (value.isEmpty() ? " (none)" : " (kept secret)");
    }
}
