package miroir.storage;

import miroir.index.search.Condition;
import miroir.index.store.Deadline;
import org.bson.conversions.Bson;

/**
 * Which documents of a type are wanted, in order of position.
 *
 * @param after the position behind which they begin
 * @param limit how many are wanted at most; 0: all
 * @param parts what of them, the position included where a page is made of them
 */
record MatchQuery(String type, Condition where, long after, int limit, Bson parts, Deadline deadline) {

    MatchQuery where(Condition other) {
        return new MatchQuery(type, other, after, limit, parts, deadline);
    }
}
