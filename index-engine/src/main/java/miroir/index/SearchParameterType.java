package miroir.index;

import java.util.Locale;

/** The nine types of FHIR search parameters. */
public enum SearchParameterType {
    NUMBER,
    DATE,
    STRING,
    TOKEN,
    REFERENCE,
    COMPOSITE,
    QUANTITY,
    URI,
    SPECIAL;

    /** The code that FHIR uses. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
