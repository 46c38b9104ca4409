package miroir.index.json;

/**
 * How much a bundle may be whose entries are looked at one by one. What is longer than it looks in its text, such as millions of empty entries, takes many times
 * as much memory as a text of that length should.
 *
 * @param maxEntries how many it may have
 * @param maxBson how many bytes may come of its text
 */
public record BundleLimits(int maxEntries, int maxBson) {
    /** A resource takes about as much as its text. */
    private static final int TIMES_OF_TEXT = 2;

    /** Those of so many entries in a text of at most so many bytes. */
    public static BundleLimits of(int maxEntries, int maxText) {
        return new BundleLimits(maxEntries, Math.multiplyExact(maxText, TIMES_OF_TEXT));
    }

    /** What is said to who sends too many. */
    public String tooMany() {
        return "the bundle has more than " + maxEntries
                + " entries, which is the limit (limits.entries in server.yaml)";
    }
}
