package miroir.index.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import miroir.index.SearchParameter;

/**
 * Lets a parameter use the fields of an earlier one of its type that has the same content. {@code phonetic} and {@code name} of a
 * person are one expression: kept twice, they would be a fifth of all the keys that a practitioner has in the indexes. A parameter
 * whose fields the operator named otherwise than after itself keeps them.
 */
final class SharedFields {
    private SharedFields() {}

    /** The parameters of one type. */
    static List<SearchParameter> settle(List<SearchParameter> parameters) {
        Map<SearchParameter.Content, String> fields = new HashMap<>();
        List<SearchParameter> settled = new ArrayList<>();
        for (SearchParameter parameter : parameters) {
            String earlier = fields.putIfAbsent(parameter.content(), parameter.indexName());
            boolean isNamedAfterItself = parameter.indexName().equals(StandardParameters.indexName(parameter.code()));
            settled.add(earlier != null && isNamedAfterItself ? parameter.in(earlier) : parameter);
        }
        return settled;
    }
}
