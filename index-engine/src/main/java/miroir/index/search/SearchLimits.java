package miroir.index.search;

/**
 * How big a query may be.
 *
 * @param defaultCount resources on a page when {@code _count} is not given
 * @param maximumCount a larger {@code _count} is cut to this
 * @param maximumParameters parameters in one query
 * @param maximumValues values separated by commas in one parameter
 * @param maximumLength characters of all names and values of one query
 */
public record SearchLimits(
        int defaultCount, int maximumCount, int maximumParameters, int maximumValues, int maximumLength) {

    /** What holds unless configured otherwise. */
    public static SearchLimits defaults() {
        return new SearchLimits(50, 1000, 100, 1000, 65_536);
    }
}
