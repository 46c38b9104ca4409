package miroir.server.paging;

import java.time.Instant;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.store.PagePosition;
import miroir.index.store.Total;
import org.jspecify.annotations.Nullable;

/**
 * A place in the pages of a search.
 *
 * @param type what is searched, as the path has it: a type, or one in a compartment
 * @param base the URL under which the first page was asked for: what is local below it is so on every page
 * @param query the parameters as they took effect on the first page
 * @param from the place of a resource, beside which the page begins; null: at the beginning
 * @param backward whether the page ends before that place; otherwise it begins after it
 * @param total what the first page said, which every page repeats; null where it said nothing
 * @param first when the first page was asked for
 * @param asOf the instant whose state every page shows
 * @param meaning of the parameters of its search, when it began
 */
public record PageToken(
        String type,
        String base,
        List<QueryParameter> query,
        @Nullable PagePosition from,
        boolean backward,
        @Nullable Total total,
        Instant first,
        Instant asOf,
        int meaning) {
    public PageToken {
        query = List.copyOf(query);
    }

    /** Another place among the same pages. */
    public PageToken at(@Nullable PagePosition place, boolean before) {
        return new PageToken(type, base, query, place, before, total, first, asOf, meaning);
    }

    /** What to answer where the parameters of its search mean something else by now. */
    public static Refusal outdated() {
        return new Refusal(
                Refusal.Reason.EXPIRED,
                "the link to this page was made before the search configuration changed; search again");
    }

    /** The same place in another query. */
    PageToken asking(List<QueryParameter> other) {
        return new PageToken(type, base, other, from, backward, total, first, asOf, meaning);
    }
}
