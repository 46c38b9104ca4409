package miroir.server.paging;

import java.time.Instant;
import java.util.List;
import miroir.index.search.QueryParameter;
import miroir.index.store.Total;
import org.jspecify.annotations.Nullable;

/**
 * Where a search stands after a page.
 *
 * @param base the URL under which the first page was asked for: what is local below it is so on every page
 * @param query the parameters as they took effect on the first page
 * @param after the position of the last resource of the page before
 * @param total what the first page said, which every page repeats; null where it said nothing
 * @param first when the first page was asked for
 * @param asOf the instant whose state every page shows; null: each shows the newest
 * @param generation of the search configuration under which the search began
 */
public record PageToken(
        String type,
        String base,
        List<QueryParameter> query,
        long after,
        @Nullable Total total,
        Instant first,
        @Nullable Instant asOf,
        int generation) {
    public PageToken {
        query = List.copyOf(query);
    }

    /** The same place in another query. */
    PageToken asking(List<QueryParameter> other) {
        return new PageToken(type, base, other, after, total, first, asOf, generation);
    }
}
