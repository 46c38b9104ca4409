package miroir.index.registry;

import java.util.ArrayList;
import java.util.List;
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
        List<SearchParameter> settled = new ArrayList<>();
        parameters.forEach(parameter -> settled.add(
                parameter.indexName().equals(StandardParameters.indexName(parameter.code()))
                        ? shared(parameter, settled)
                        : parameter));
        return settled;
    }

    private static SearchParameter shared(SearchParameter parameter, List<SearchParameter> earlier) {
        return earlier.stream()
                .filter(parameter::keepsTheSameAs)
                .findFirst()
                .map(same -> parameter.in(same.indexName()))
                .orElse(parameter);
    }
}
