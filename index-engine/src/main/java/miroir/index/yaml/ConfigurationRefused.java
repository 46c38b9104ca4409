package miroir.index.yaml;

/** A configuration that cannot be used. The message is {@code file:line: reason}, and stops the start. */
public final class ConfigurationRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String reason;

    public ConfigurationRefused(String where, String reason) {
        this(where, "", reason);
    }

    /**
     * Of one value.
     *
     * @param path the keys that lead to it
     */
    ConfigurationRefused(String where, String path, String reason) {
        super(where + ": " + (path.isEmpty() ? "" : path + ": ") + reason);
        this.path = path;
        this.reason = reason;
    }

    /** The keys that lead to the guilty value; empty where it is the whole. */
    public String path() {
        return path;
    }

    /** What is wrong with it, without saying where. */
    public String reason() {
        return reason;
    }
}
