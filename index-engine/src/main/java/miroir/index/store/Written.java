package miroir.index.store;

/** What a write left behind: the current version, and what was done to get there. */
public record Written(ResourceVersion current, Effect effect) {

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
