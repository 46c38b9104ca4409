package miroir.index.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;

/**
 * Finds parameters of one type that would write different things into the same {@code t_*} field, since neither could then be
 * trusted.
 */
final class FieldClashes {
    private static final List<String> KEPT_BY_THE_SERVER = List.of(
            "t_fid",
            "t_id",
            "t_lastupdated",
            "t_lastupdated-second",
            "t_lastupdated-minute",
            "t_lastupdated-date",
            "t_lastupdated-month",
            "t_lastupdated-year");

    private final Map<String, Declaration> declared;

    FieldClashes(Map<String, Declaration> declared) {
        this.declared = declared;
    }

    void check(List<SearchParameter> parameters) {
        Map<String, SearchParameter> writers = new HashMap<>();
        for (SearchParameter parameter : parameters) {
            for (String field : fields(parameter)) {
                SearchParameter other = writers.put(field, parameter);
                if (other != null && !sharesFields(parameter, other)) {
                    throw refusal(field, parameter, other);
                }
            }
        }
    }

    private static boolean sharesFields(SearchParameter one, SearchParameter other) {
        return one.indexName().equals(other.indexName()) && one.keepsTheSameAs(other);
    }

    private RuntimeException refusal(String field, SearchParameter one, SearchParameter other) {
        Declaration declaration = declared.get(RegistryLoader.name(one));
        SearchParameter standing = declaration == null ? one : other;
        Declaration guilty = declaration == null ? declared.get(RegistryLoader.name(other)) : declaration;
        String message = "the field " + field + " is written by " + RegistryLoader.name(standing) + " ("
                + standing.origin() + ") too; choose another "
                + (guilty == null ? "name" : guilty.namesFields());
        return guilty == null ? new IllegalStateException(message) : guilty.refuse(message);
    }

    /** The fields that extraction may write for it; {@code docs/fields.md} has the same by search type. */
    private static List<String> fields(SearchParameter parameter) {
        if (parameter.code().equals("_id") || parameter.code().equals("_lastUpdated")) {
            return KEPT_BY_THE_SERVER.stream()
                    .filter(field -> field.startsWith("t_lastupdated")
                            == parameter.code().equals("_lastUpdated"))
                    .toList();
        }
        List<String> suffixes = new ArrayList<>(
                switch (parameter.searchType()) {
                    case TOKEN -> List.of("value", "system", "sysval", "of-type", "text");
                    case STRING -> List.of("", "i", "3g");
                    case REFERENCE ->
                        List.of("reference", "type", "id", "identifier", "identifier-value", "identifier-system");
                    case COMPOSITE -> List.of("tuple");
                    case DATE, NUMBER, QUANTITY, URI, SPECIAL -> List.of("");
                });
        if (parameter.sortable()) {
            suffixes.addAll(List.of("min", "max"));
            if (parameter.searchType() == SearchParameterType.STRING) {
                suffixes.add("w");
            }
        }
        return suffixes.stream().map(parameter::field).toList();
    }
}
