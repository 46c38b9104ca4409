package miroir.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One search parameter of one resource type. A parameter that the specification defines on several types is one record
 * per type, with the part of the expression that concerns it.
 *
 * @param type the resource type it searches
 * @param code its name in the URL
 * @param expression the FHIRPath that selects its values
 * @param indexName what its fields are called: {@code t_<indexName>-value} and so on
 * @param indexed whether the database keeps an index for it; of one in a registry that is so, before that it is a wish
 * @param sortable whether {@code -min} and {@code -max} scalars are kept
 * @param description what it searches, in English as a rule
 * @param french the same in French, or an empty string
 * @param definition the canonical URL, or an empty string
 * @param targets the types that a reference parameter may point to; empty: any
 * @param components the parts of a composite, in order; empty for every other type
 * @param text whether {@code :text} finds its display texts
 * @param computed what is made of the selected values before they are indexed; null: nothing
 * @param origin where it was declared, as {@code file:line} or the name of the standard set
 */
public record SearchParameter(
        String type,
        String code,
        SearchParameterType searchType,
        String expression,
        String indexName,
        boolean indexed,
        boolean sortable,
        String description,
        String french,
        String definition,
        List<String> targets,
        List<Component> components,
        boolean text,
        @Nullable ComputedValue computed,
        String origin) {
    private static final int FEW_TARGETS = 20;

    /**
     * One part of a composite.
     *
     * @param code the parameter whose type the part has
     * @param expression FHIRPath relative to the composite's own expression
     */
    public record Component(String code, SearchParameterType searchType, String expression) {}

    /** What decides about the values in its fields, and not what they are called. */
    public record Content(
            boolean builtIn,
            String type,
            SearchParameterType searchType,
            String expression,
            List<Component> components,
            List<String> targets,
            boolean text,
            @Nullable ComputedValue computed) {}

    public SearchParameter {
        targets = List.copyOf(targets);
        components = List.copyOf(components);
    }

    /** A parameter without {@code :text}, computed values and French words, as all of the specification are. */
    public SearchParameter(
            String type,
            String code,
            SearchParameterType searchType,
            String expression,
            String indexName,
            boolean indexed,
            boolean sortable,
            String description,
            String definition,
            List<String> targets,
            List<Component> components,
            String origin) {
        this(
                type,
                code,
                searchType,
                expression,
                indexName,
                indexed,
                sortable,
                description,
                "",
                definition,
                targets,
                components,
                false,
                null,
                origin);
    }

    /** The same, indexed and sortable as said. */
    public SearchParameter with(boolean nowIndexed, boolean nowSortable) {
        return with(nowIndexed, nowSortable, text);
    }

    /** The same, indexed and sortable, and found by display texts, as said. */
    public SearchParameter with(boolean nowIndexed, boolean nowSortable, boolean nowText) {
        return new SearchParameter(
                type,
                code,
                searchType,
                expression,
                indexName,
                nowIndexed,
                nowSortable,
                description,
                french,
                definition,
                targets,
                components,
                nowText,
                computed,
                origin);
    }

    /** The same, with the description and the targets of another where it has none of its own. */
    public SearchParameter completedBy(SearchParameter other) {
        return new SearchParameter(
                type,
                code,
                searchType,
                expression,
                indexName,
                indexed,
                sortable,
                description.isEmpty() ? other.description : description,
                french,
                definition,
                targets.isEmpty() ? other.targets : targets,
                components,
                text,
                computed,
                origin);
    }

    /**
     * Whether it selects the same values as another and keeps the same of them, so that the fields of one serve both. What the server
     * keeps itself comes from the version and not from what is selected.
     */
    public boolean keepsTheSameAs(SearchParameter other) {
        return content().equals(other.content());
    }

    /** What it selects and keeps. */
    public Content content() {
        return new Content(isBuiltIn(), type, searchType, expression, components, targets, text, computed);
    }

    /** The same, its values in the fields of that name. */
    public SearchParameter in(String fields) {
        return new SearchParameter(
                type,
                code,
                searchType,
                expression,
                fields,
                indexed,
                sortable,
                description,
                french,
                definition,
                targets,
                components,
                text,
                computed,
                origin);
    }

    /** Whether the store itself keeps what it searches, always and with an index: {@code _id} and {@code _lastUpdated}. */
    public boolean isBuiltIn() {
        return code.equals("_id") || code.equals("_lastUpdated");
    }

    /**
     * Whether a bare id stands for so few references that all of them are looked up; where it stands for more, ids have a field
     * and an index of their own.
     */
    public boolean hasFewTargets() {
        return !targets.isEmpty() && targets.size() <= FEW_TARGETS;
    }

    /** The name of one of its stored fields, such as {@code t_identifier-sysval} for the suffix {@code sysval}. */
    public String field(String suffix) {
        return suffix.isEmpty() ? "t_" + indexName : "t_" + indexName + "-" + suffix;
    }
}
