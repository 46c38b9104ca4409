package miroir.index.json;

/**
 * How much a resource may be.
 *
 * @param maxBytes the longest JSON text
 * @param maxDepth how many objects and arrays may stand in each other
 */
public record ReadLimits(int maxBytes, int maxDepth) {

    /**
     * What MongoDB can keep: documents of 16 MB that repeat parts of the resource in their search fields, and 100
     * levels, of which a few are ours. The deepest example of the specification has 17 levels; a Questionnaire needs two
     * for each level of its items.
     */
    public static ReadLimits standard() {
        return new ReadLimits(8 << 20, 90);
    }
}
