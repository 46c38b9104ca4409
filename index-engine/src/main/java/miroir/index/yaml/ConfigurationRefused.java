package miroir.index.yaml;

/** A configuration that cannot be used. The message is {@code file:line: reason}, and stops the start. */
public final class ConfigurationRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationRefused(String where, String reason) {
        super(where + ": " + reason);
    }
}
