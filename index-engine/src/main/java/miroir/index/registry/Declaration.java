package miroir.index.registry;

import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that a file declares on one type.
 *
 * @param node where
 * @param index what the file says of its index; null: nothing
 * @param sort what the file says of sorting; null: nothing
 */
record Declaration(
        SearchParameter parameter,
        YamlNode node,
        @Nullable Boolean index,
        @Nullable Boolean sort) {
    /** The server keeps these two itself, so that only their texts can be replaced. */
    private static final Set<String> KEPT_BY_THE_SERVER = Set.of("_id", "_lastUpdated");

    String name() {
        return RegistryLoader.name(parameter);
    }

    /**
     * The parameter, which takes the place of a standard one or of none. It is indexed unless the file says otherwise,
     * sortable where the file or the lists say so, and keeps the standard targets and description where it has none.
     */
    SearchParameter parameter(IndexChoices choices, @Nullable SearchParameter standard) {
        boolean sortable = sort != null ? sort : choices.apply(parameter).sortable();
        SearchParameter chosen = parameter.with(index == null || index, sortable);
        return standard == null || standard.searchType() != parameter.searchType()
                ? chosen
                : chosen.completedBy(standard);
    }

    void checkReplaces(@Nullable SearchParameter standard) {
        if (standard != null
                && KEPT_BY_THE_SERVER.contains(standard.code())
                && (standard.searchType() != parameter.searchType()
                        || !standard.indexName().equals(parameter.indexName()))) {
            throw refuse(standard.code() + " is kept by the server: its searchType stays "
                    + standard.searchType().code() + ", its indexName " + standard.indexName());
        }
    }

    /** What an operator, or who writes a resource, would have to name otherwise to have other fields. */
    String namesFields() {
        return node.isMapping() ? "indexName" : "code";
    }

    ConfigurationRefused refuse(String reason) {
        return node.refuse(reason);
    }
}
