package miroir.index.path;

import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.jspecify.annotations.Nullable;

/** What {@code is}, {@code as} and {@code ofType} take for a type. */
public final class TypeNames {
    private TypeNames() {}

    /** The name as FHIR spells it, or null when it names no type; FHIRPath's own names start with a capital. */
    public static @Nullable String known(String name) {
        return Structures.r4().type(name) != null ? name : systemType(name);
    }

    private static @Nullable String systemType(String name) {
        return switch (name) {
            case "Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time" ->
                Character.toLowerCase(name.charAt(0)) + name.substring(1);
            default -> null;
        };
    }

    /**
     * Whether a value of a type is of the wanted one. FHIR calls canonical a kind of uri and Age a kind of Quantity, but where a
     * choice offers both, parameters mean the one they name: {@code ConceptMap.source as uri} leaves the canonicals to another.
     */
    public static boolean isA(String type, String wanted) {
        return type.equals(wanted)
                || wanted.equals("Element")
                || (wanted.equals("BackboneElement") && type.indexOf('.') > 0);
    }

    /** Whether its values have no parts but an id and extensions. */
    public static boolean isPrimitive(String type) {
        TypeDefinition definition = Structures.r4().type(type);
        return definition != null && definition.kind() == TypeDefinition.Kind.PRIMITIVE;
    }

    /** Whether it is one of the types of resources, or of all of them. */
    public static boolean isResource(String type) {
        return type.equals("Resource")
                || type.equals("DomainResource")
                || Structures.r4().resourceTypes().contains(type);
    }
}
