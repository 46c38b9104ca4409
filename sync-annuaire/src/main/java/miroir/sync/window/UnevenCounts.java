package miroir.sync.window;

/** What the upstream counts does not add up: its resources cannot be asked for by when they changed. */
public final class UnevenCounts extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnevenCounts(String reason) {
        super(reason, null, false, false);
    }
}
