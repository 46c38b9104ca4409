package miroir.sync.upstream;

/**
 * The header that opens a source. Its value is a secret: nothing shows it.
 *
 * @param value empty: the header is not sent
 */
public record SourceKey(String header, String value) {

    /** For servers that are open. */
    public static SourceKey none() {
        return new SourceKey("ESANTE-API-KEY", "");
    }

    @Override
    public String toString() {
        return header + (value.isEmpty() ? " (none)" : " (kept secret)");
    }
}
