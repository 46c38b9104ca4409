package miroir.index.search;

import java.util.ArrayList;
import java.util.List;
import miroir.index.SearchParameter;

/** The modifiers that work, per search type. */
public final class Modifiers {
    static final String NOT = "not";
    static final String MISSING = "missing";
    static final String OF_TYPE = "of-type";
    static final String TEXT = "text";
    static final String EXACT = "exact";
    static final String CONTAINS = "contains";
    static final String IDENTIFIER = "identifier";
    static final String ABOVE = "above";
    static final String BELOW = "below";

    /** All that R4 knows beside resource types: what is not offered of them is refused as such. */
    static final List<String> IN_R4 =
            List.of(TEXT, "in", "not-in", ABOVE, BELOW, NOT, OF_TYPE, EXACT, CONTAINS, IDENTIFIER, MISSING, "iterate");

    private Modifiers() {}

    /** Those of a parameter, without their colon; empty for one that cannot be searched. */
    public static List<String> of(SearchParameter parameter) {
        return isOfEveryType(parameter.code()) ? ofEveryType(parameter.code()) : ofType(parameter);
    }

    /** Whether it is one of the two that every type has, whatever the registry says. */
    static boolean isOfEveryType(String code) {
        return code.equals("_id") || code.equals("_lastUpdated");
    }

    static List<String> ofEveryType(String code) {
        return code.equals("_id") ? List.of(NOT, MISSING) : List.of(MISSING);
    }

    /** Whether searches with the parameter are answered at all. */
    public static boolean searchable(SearchParameter parameter) {
        return switch (parameter.searchType()) {
            case TOKEN, STRING, REFERENCE, DATE, NUMBER, QUANTITY, URI, COMPOSITE -> true;
            case SPECIAL -> false;
        };
    }

    private static List<String> ofType(SearchParameter parameter) {
        return switch (parameter.searchType()) {
            case TOKEN -> ofToken(parameter);
            case STRING -> List.of(EXACT, CONTAINS, MISSING);
            case REFERENCE -> List.of(IDENTIFIER, MISSING);
            case DATE, NUMBER, QUANTITY, COMPOSITE -> List.of(MISSING);
            case URI -> List.of(ABOVE, BELOW, MISSING);
            case SPECIAL -> List.of();
        };
    }

    private static List<String> ofToken(SearchParameter parameter) {
        List<String> modifiers = new ArrayList<>(List.of(NOT));
        if (isIdentifier(parameter)) {
            modifiers.add(OF_TYPE);
        }
        if (parameter.text()) {
            modifiers.add(TEXT);
        }
        modifiers.add(MISSING);
        return modifiers;
    }

    /** Whether it selects Identifiers, which R4 always calls so. */
    private static boolean isIdentifier(SearchParameter parameter) {
        return parameter.expression().endsWith("dentifier")
                || parameter.expression().endsWith("as Identifier)");
    }
}
