package miroir.index.search;

import org.jspecify.annotations.Nullable;

/**
 * The left side of a parameter.
 *
 * @param code the parameter's name
 * @param modifier what follows the colon, or null
 */
record ParameterName(String code, @Nullable String modifier) {

    static ParameterName of(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new ParameterName(text, null)
                : new ParameterName(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public String toString() {
        return modifier == null ? code : code + ":" + modifier;
    }
}
