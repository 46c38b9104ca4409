package miroir.index.extract;

import java.util.List;
import miroir.index.ComputedValue;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterType;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one parameter, or of one component of a composite, become fields.
 *
 * @param base what the names of the fields begin with: {@code t_identifier}, or {@code code} inside a tuple
 * @param many whether they are arrays
 * @param sortable whether {@code -min} and {@code -max} are kept
 * @param text whether {@code -text} is kept
 * @param computed what is indexed instead of the values; null: themselves
 * @param components the parts of a composite
 */
record FieldPlan(
        String base,
        SearchParameterType searchType,
        boolean many,
        boolean sortable,
        boolean text,
        @Nullable ComputedValue computed,
        List<SearchParameter.Component> components) {

    static FieldPlan of(SearchParameter parameter, boolean many) {
        return new FieldPlan(
                parameter.field(""),
                parameter.searchType(),
                many,
                parameter.sortable(),
                parameter.text(),
                parameter.computed(),
                parameter.components());
    }

    static FieldPlan of(SearchParameter.Component component, boolean many) {
        return new FieldPlan(component.code(), component.searchType(), many, false, false, null, List.of());
    }

    String field(String suffix) {
        return base + "-" + suffix;
    }

    /** An empty collection of such fields. */
    ParameterFields start(ExtractionSettings settings) {
        return switch (searchType) {
            case TOKEN -> new TokenFields(this);
            case STRING -> new StringFields(this);
            case REFERENCE -> new ReferenceFields(this, settings.ownBases());
            case DATE -> new DateFields(this, settings.zone());
            case NUMBER, QUANTITY -> new NumberFields(this);
            case URI -> new UriFields(this);
            case COMPOSITE -> new CompositeFields(this, settings);
            case SPECIAL -> new PositionFields(this);
        };
    }
}
