package miroir.server.paging;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;

/**
 * Puts a name in the place of a query that would make a link too long to be followed: a search by POST may have 65,536
 * characters, and proxies cut URLs of a few thousand. The name stands in the token as the value of a parameter without a name, which no query that
 * took effect can have.
 */
final class LongQueries {
    private static final int LONGEST_IN_LINK = 2048;
    private static final String KEPT = "";

    private final KeptQueries kept;

    LongQueries(KeptQueries kept) {
        this.kept = kept;
    }

    /** The token with a query that is short enough for a link that works until then. */
    PageToken shortened(PageToken token, Instant until) {
        byte[] query = QueryParameter.encode(token.query()).getBytes(StandardCharsets.US_ASCII);
        return query.length <= LONGEST_IN_LINK
                ? token
                : token.asking(List.of(new QueryParameter(KEPT, kept.keep(query, until))));
    }

    /** The token with the query that it was made for. */
    PageToken restored(PageToken token) {
        List<QueryParameter> query = token.query();
        if (query.size() != 1 || !query.get(0).name().equals(KEPT)) {
            return token;
        }
        byte[] found = kept.find(query.get(0).value())
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.EXPIRED, "the search behind this link is not kept any more; search again"));
        return token.asking(QueryParameter.decode(new String(found, StandardCharsets.US_ASCII)));
    }
}
