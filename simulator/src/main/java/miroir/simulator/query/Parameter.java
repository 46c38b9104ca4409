package miroir.simulator.query;

import java.util.List;

/**
 * A search parameter.
 *
 * @param paths where its values are: element names with dots; {@code [x]} takes only extensions whose address ends so
 */
public record Parameter(String name, Type type, List<String> paths) {
    /** How its values are compared. */
    public enum Type {
        TOKEN,
        STRING,
        REFERENCE,
        DATE,
        URI
    }

    static Parameter of(String name, Type type, String... paths) {
        return new Parameter(name, type, List.of(paths));
    }
}
