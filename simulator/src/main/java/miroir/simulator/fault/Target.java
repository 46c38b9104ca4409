package miroir.simulator.fault;

import java.util.function.BooleanSupplier;

/**
 * What a fault may hit.
 *
 * @param type asked for; empty for what is of no type
 * @param isSearch whether it is a search, perhaps one that only counts
 * @param page 1 for the first page of a search, 0 for what has no resources
 * @param isFollowed whether there is a next page; asked only where it matters
 */
public record Target(String type, boolean isSearch, int page, BooleanSupplier isFollowed) {
    /** Something that is no search. */
    public static Target other(String type) {
        return new Target(type, false, 0, () -> false);
    }
}
