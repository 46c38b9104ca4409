package miroir.server.access;

/** Somebody asks more often than he may. The answer says when he may again. */
public final class TooOften extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long seconds;

    /** So many seconds later it is allowed. */
    public TooOften(String message, long seconds) {
        super(message + "; try again in " + seconds + " s", null, false, false);
        this.seconds = seconds;
    }

    /** The value of the {@code Retry-After} header. */
    public long seconds() {
        return seconds;
    }
}
