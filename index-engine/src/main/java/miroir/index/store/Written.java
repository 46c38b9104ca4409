package miroir.index.store;

/**
 * What a write left behind.
 *
 * @param effect what was done to get there
 * @param replaced how many bytes were read of the live version that was there before; 0 where there was none
 */
public record Written(ResourceVersion current, Effect effect, long replaced) {

    /** Of a write before which nothing live was there. */
    public Written(ResourceVersion current, Effect effect) {
        this(current, effect, 0);
    }

    /** What happened. */
    public enum Effect {
        CREATED,
        UPDATED,
        /** The content was already the same: no version was made. */
        UNCHANGED,
        DELETED,
        /** It was already deleted: no version was made. */
        ALREADY_DELETED
    }
}
