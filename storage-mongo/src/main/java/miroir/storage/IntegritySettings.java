package miroir.storage;

/**
 * Which references have to be to something that is there.
 *
 * @param onWrite whether those of what is written have to
 * @param onDelete whether what is deleted may have none to it
 */
public record IntegritySettings(boolean onWrite, boolean onDelete) {
    /** None. */
    public static IntegritySettings none() {
        return new IntegritySettings(false, false);
    }

    /** Whether all have to at any time, so that those who write and those who delete must not miss each other. */
    boolean isWhole() {
        return onWrite && onDelete;
    }
}
