package miroir.server.access;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchLimits;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchRequest;
import miroir.index.search.SearchableParameters;
import miroir.index.store.SearchInForce;
import miroir.index.store.SearchMade;

/**
 * The search by which a permission is narrowed. It is held against single resources, in whatever way they are reached, so it can be about nothing
 * else: no other resource, no stored value set, and not the present moment.
 */
final class Narrowing {
    private static final Set<String> OF_ANSWERS = Set.of("_count", "_total", "_summary", "_elements", "_sort");

    private Narrowing() {}

    /** What it is for a type, or a {@link Refusal} that says why it can be none. */
    static Condition of(Permission permission, String type, SearchInForce inForce) {
        if (permission.query().isEmpty()) {
            return Condition.all();
        }
        List<QueryParameter> query = QueryParameter.decode(permission.query());
        query.forEach(QueryParameter::check);
        query.stream()
                .map(QueryParameter::name)
                .filter(name ->
                        OF_ANSWERS.contains(name) || name.startsWith("_include") || name.startsWith("_revinclude"))
                .findFirst()
                .ifPresent(name -> {
                    throw refused(permission, name + " says nothing of which resources are meant");
                });
        Instant now = Instant.now();
        Condition condition = where(permission, type, query, inForce, now);
        if (condition.isLinked()) {
            throw refused(permission, "chains and _has are about other resources, which change by themselves");
        }
        if (condition.isAll()) {
            throw refused(permission, "it narrows nothing; leave out the question mark");
        }
        if (!condition.equals(where(permission, type, query, inForce, now.plus(Duration.ofDays(1))))) {
            throw refused(permission, "the prefix ap means something else at every moment");
        }
        return condition;
    }

    /** By which parameters it is for a type; none where it cannot be understood, and so allows nothing. */
    static Set<SearchParameter> parameters(Permission permission, String type, SearchInForce inForce) {
        if (permission.query().isEmpty()) {
            return Set.of();
        }
        try {
            return request(permission, type, QueryParameter.decode(permission.query()), inForce, Instant.now())
                    .parameters();
        } catch (Refusal refused) {
            return Set.of();
        }
    }

    private static Condition where(
            Permission permission, String type, List<QueryParameter> query, SearchInForce inForce, Instant now) {
        return request(permission, type, query, inForce, now).where();
    }

    private static SearchRequest request(
            Permission permission, String type, List<QueryParameter> query, SearchInForce inForce, Instant now) {
        SearchMade made = inForce.made();
        SearchParser parser = new SearchParser(
                SearchableParameters.all(made.registry()), made.zone(), made.ownBases(), SearchLimits.defaults());
        try {
            return parser.parse(type, query, Handling.STRICT, now);
        } catch (Refusal refused) {
            throw refused(permission, String.valueOf(refused.getMessage()));
        }
    }

    private static Refusal refused(Permission permission, String why) {
        return new Refusal(
                Refusal.Reason.INVALID, "the permission \"" + Refusal.shown(permission.toString()) + "\": " + why);
    }
}
