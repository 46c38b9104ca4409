package miroir.index.structure;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource, a data type, a primitive, or a backbone element, which is named by its path ({@code Patient.contact}).
 *
 * @param elements by JSON name, in the order of the specification, inherited ones included; a choice such as
 *     {@code value[x]} stands once per type ({@code valueString}, {@code valueQuantity}, …); empty for primitives
 */
public record TypeDefinition(String name, Kind kind, Map<String, ElementDefinition> elements) {

    /** What sort of type it is. */
    public enum Kind {
        RESOURCE,
        COMPLEX,
        PRIMITIVE
    }

    /** The element with that JSON name, or null. */
    public @Nullable ElementDefinition element(String jsonName) {
        return elements.get(jsonName);
    }
}
