package miroir.index.store;

/**
 * How much room resources take where they are kept, in bytes.
 *
 * @param current the newest versions
 * @param history the versions before
 * @param indexes of both
 */
public record StoredSize(long current, long history, long indexes) {
    /** Nothing is kept. */
    public static final StoredSize NONE = new StoredSize(0, 0, 0);

    /** Both together. */
    public StoredSize and(StoredSize other) {
        return new StoredSize(current + other.current, history + other.history, indexes + other.indexes);
    }
}
