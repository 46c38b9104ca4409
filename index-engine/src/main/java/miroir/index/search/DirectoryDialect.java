package miroir.index.search;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the directory's own API reads a search, in the words of R4: {@code |code} is a code of any system, nothing escapes a comma, and a modifier
 * that means nothing is not there. Where R4 reads something, and the directory does not, R4 is right: nobody asks there for what has no answer.
 */
public final class DirectoryDialect {
    /** Types of references begin with a capital letter, and are modifiers too. */
    private static final Set<String> MODIFIERS =
            Set.of("contains", "exact", "not", "missing", "of-type", "above", "below", "in", "not-in", "identifier");

    /** A bar at their beginning is a letter, or says that there is no system. */
    private static final List<String> OF_TEXTS = List.of(":contains", ":exact", ":of-type");

    private DirectoryDialect() {}

    /** What R4 says for that. */
    public static List<QueryParameter> inR4(List<QueryParameter> parameters) {
        return parameters.stream().map(DirectoryDialect::inR4).toList();
    }

    /** How the directory's clients say what R4 says like that: {@link #inR4} of it is the same again. */
    public static List<QueryParameter> ofR4(List<QueryParameter> parameters) {
        return parameters.stream().map(DirectoryDialect::ofR4).toList();
    }

    private static QueryParameter ofR4(QueryParameter said) {
        if (said.name().startsWith("_")) {
            return said;
        }
        String value = Arrays.stream(said.value().split(",", -1))
                .map(one -> isOfCodes(said.name()) && one.startsWith("|") ? "|" + one : one)
                .collect(Collectors.joining(","));
        return new QueryParameter(said.name(), value.replace("\\\\", "\\"));
    }

    private static QueryParameter inR4(QueryParameter given) {
        if (given.name().startsWith("_")) {
            return given;
        }
        String name = name(given.name());
        return new QueryParameter(name, value(given.value(), isOfCodes(name)));
    }

    private static boolean isOfCodes(String name) {
        return OF_TEXTS.stream().noneMatch(name::endsWith);
    }

    /** Behind the modifier of a chain there is more, which is no modifier. */
    private static String name(String name) {
        int colon = name.indexOf(':');
        if (colon < 0 || name.indexOf('.') >= 0) {
            return name;
        }
        String modifier = name.substring(colon + 1);
        boolean isType = !modifier.isEmpty() && Character.isUpperCase(modifier.charAt(0));
        return isType || MODIFIERS.contains(modifier) ? name : name.substring(0, colon);
    }

    private static String value(String value, boolean isOfCodes) {
        return Arrays.stream(value.replace("\\", "\\\\").split(",", -1))
                .map(one -> isOfCodes && one.startsWith("|") ? one.substring(1) : one)
                .collect(Collectors.joining(","));
    }
}
