package miroir.sync.move;

/** Files are not what an export left, or not all of it. */
public final class ArchiveRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With its place.
     *
     * @param where the file, and the line where one is wrong
     */
    ArchiveRefused(String where, String reason) {
        super(where + ": " + reason);
    }
}
