package miroir.index.json;

import org.jspecify.annotations.Nullable;

/** What a shape keeps of the elements of one type. */
interface KeptElements {

    /** How the element is kept whose name stands there; null: not at all. */
    @Nullable
    Kept kept(byte[] bson, int from, int to);

    /**
     * How an element is kept.
     *
     * @param summaryOf null: whole; else only what is summary in that type
     */
    record Kept(@Nullable String summaryOf) {
        static final Kept WHOLE = new Kept(null);
    }
}
