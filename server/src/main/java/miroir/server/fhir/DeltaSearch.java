package miroir.server.fhir;

import java.time.Instant;
import java.util.List;
import miroir.index.search.Condition;
import miroir.index.search.Prefix;
import miroir.index.search.SearchExpression;
import org.bson.BsonInt64;

/**
 * Searches by which a client follows the store: those that find what was updated at or after some instant. They are
 * answered up to an instant that is settled, else the client would go on from one below which something may still come.
 */
final class DeltaSearch {
    private DeltaSearch() {}

    /** Whether something in it is bounded below by {@code _lastUpdated}. */
    static boolean is(SearchExpression expression) {
        if (expression instanceof SearchExpression.And and) {
            return and.parts().stream().anyMatch(DeltaSearch::is);
        }
        if (expression instanceof SearchExpression.Or or) {
            return or.parts().stream().anyMatch(DeltaSearch::is);
        }
        return expression instanceof SearchExpression.LastUpdated updated && !isBoundedAbove(updated.prefix());
    }

    /**
     * What of it was updated by that instant. The exclusion of what is later leaves the choice of an index to the
     * condition itself: there is little to exclude.
     */
    static Condition upTo(Instant settled, Condition where) {
        Condition later = new Condition.Range(
                "t_lastupdated",
                List.of(new Condition.Bound(Condition.Comparison.GREATER, new BsonInt64(settled.toEpochMilli()))));
        return new Condition.And(List.of(where, new Condition.Not(later)));
    }

    private static boolean isBoundedAbove(Prefix prefix) {
        return prefix == Prefix.LT || prefix == Prefix.LE || prefix == Prefix.EB;
    }
}
