package miroir.simulator.query;

/** The search was refused; with the status and the words of the real directory. */
public final class SearchRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int ERROR = 500;

    private final int status;
    private final String diagnostics;

    SearchRefused(String message) {
        this(ERROR, message);
    }

    public SearchRefused(int status, String message) {
        super(message, null, false, false);
        this.status = status;
        this.diagnostics = message;
    }

    public int status() {
        return status;
    }

    public String diagnostics() {
        return diagnostics;
    }

    static SearchRefused deadLink() {
        return new SearchRefused("The url can't be processed. Maybe it is too old or corrupted.");
    }
}
