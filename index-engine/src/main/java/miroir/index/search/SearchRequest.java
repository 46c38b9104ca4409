package miroir.index.search;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.SearchParameter;
import miroir.index.json.Shape;
import org.jspecify.annotations.Nullable;

/**
 * A query that was understood.
 *
 * @param expression what was asked, in FHIR's terms
 * @param where the same in terms that a store can test
 * @param order in which they are answered; null: nothing was said
 * @param count resources on a page; 0: only the total
 * @param inclusions what is answered beside the matches
 * @param types all of which something may decide or be in the answer
 * @param parameters by whose fields it is answered
 * @param explained whether the client asks how the page is found, instead of the page
 * @param shape which parts of the matches are answered
 * @param applied the parameters that have an effect, as they take effect: the {@code self} link
 * @param warnings what was ignored, in sentences for people; empty unless the client is lenient
 */
public record SearchRequest(
        String type,
        SearchExpression expression,
        Condition where,
        @Nullable Order order,
        int count,
        TotalMode total,
        List<Inclusion> inclusions,
        Set<String> types,
        Set<SearchParameter> parameters,
        boolean explained,
        Shape shape,
        List<QueryParameter> applied,
        List<String> warnings) {
    public SearchRequest {
        inclusions = List.copyOf(inclusions);
        types = Set.copyOf(types);
        parameters = Set.copyOf(parameters);
        applied = List.copyOf(applied);
        warnings = List.copyOf(warnings);
    }

    /** The same of those that meet this as well, which the client did not have to say. */
    public SearchRequest within(SearchExpression also) {
        Condition condition = ConditionRewriter.rewrite(also);
        Set<String> all = new TreeSet<>(types);
        condition.collectLinkedTypes(all);
        Set<SearchParameter> by = new LinkedHashSet<>(parameters);
        also.parameters().forEach(by::add);
        return new SearchRequest(
                type,
                new SearchExpression.And(List.of(also, expression)),
                new Condition.And(List.of(condition, where)),
                order,
                count,
                total,
                inclusions,
                all,
                by,
                explained,
                shape,
                applied,
                warnings);
    }
}
