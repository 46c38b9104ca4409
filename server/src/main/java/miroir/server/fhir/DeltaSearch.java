package miroir.server.fhir;

import miroir.index.search.Prefix;
import miroir.index.search.SearchExpression;

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

    private static boolean isBoundedAbove(Prefix prefix) {
        return prefix == Prefix.LT || prefix == Prefix.LE || prefix == Prefix.EB;
    }
}
