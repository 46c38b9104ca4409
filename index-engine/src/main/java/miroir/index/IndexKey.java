package miroir.index;

import java.util.ArrayList;
import java.util.List;

/**
 * What one index of the database is on.
 *
 * @param fields in order
 * @param inOrder whether the position follows, so that what is found by one value comes in the order of pages
 */
public record IndexKey(List<String> fields, boolean inOrder) {
    /**
     * How many a type may have for its search parameters. MongoDB allows 64 indexes; the store needs six for positions,
     * instants, versions, erasures and owners, two for ids, and one is left for an operator's own.
     */
    public static final int AT_MOST = 55;

    public IndexKey {
        fields = List.copyOf(fields);
    }

    /** Those that searches by a parameter need; none where nothing would help, or where every resource has them anyway. */
    public static List<IndexKey> of(SearchParameter parameter) {
        if (parameter.isBuiltIn()) {
            return List.of();
        }
        String field = parameter.field("");
        return switch (parameter.searchType()) {
            case TOKEN -> ofToken(parameter);
            case STRING -> List.of(inOrder(parameter.field("3g")));
            case REFERENCE -> ofReference(parameter);
            case URI -> List.of(inOrder(field));
            case DATE, NUMBER, QUANTITY ->
                List.of(new IndexKey(List.of(field + ".s", field + ".e"), false), inOrder(field + ".e"));
            case COMPOSITE -> ofFirstComponent(parameter);
            case SPECIAL -> List.of();
        };
    }

    /**
     * Those that sorting by a parameter needs, up and down. What people sort by are names, of which they know words: those are looked up as such,
     * where 3-grams lead to all that shares three letters.
     */
    public static List<IndexKey> ofSorting(SearchParameter parameter) {
        if (parameter.isBuiltIn()) {
            return List.of();
        }
        List<IndexKey> keys =
                new ArrayList<>(List.of(inOrder(parameter.field("min")), inOrder(parameter.field("max"))));
        if (parameter.searchType() == SearchParameterType.STRING && parameter.indexed()) {
            keys.add(inOrder(parameter.field("w")));
        }
        return keys;
    }

    private static List<IndexKey> ofToken(SearchParameter parameter) {
        IndexKey value = inOrder(parameter.field("value"));
        return parameter.text() ? List.of(value, inOrder(parameter.field("text"))) : List.of(value);
    }

    private static List<IndexKey> ofReference(SearchParameter parameter) {
        IndexKey reference = inOrder(parameter.field("reference"));
        return parameter.hasFewTargets() ? List.of(reference) : List.of(reference, inOrder(parameter.field("id")));
    }

    private static List<IndexKey> ofFirstComponent(SearchParameter parameter) {
        SearchParameter.Component first = parameter.components().get(0);
        String inner = parameter.field("tuple") + "." + first.code();
        return switch (first.searchType()) {
            case TOKEN -> List.of(inOrder(inner + "-value"));
            case REFERENCE -> List.of(inOrder(inner + "-reference"));
            default -> List.of();
        };
    }

    private static IndexKey inOrder(String field) {
        return new IndexKey(List.of(field), true);
    }
}
