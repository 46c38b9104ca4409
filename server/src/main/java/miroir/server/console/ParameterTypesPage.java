package miroir.server.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types that can be searched. */
record ParameterTypesPage(View view, List<TypeRow> rows) {
    /** What modifiers there are, in the order in which they are explained. */
    private static final List<String> MODIFIERS =
            List.of("missing", "not", "exact", "contains", "text", "of-type", "identifier", "above", "below");

    ParameterTypesPage {
        rows = List.copyOf(rows);
    }

    /**
     * A type.
     *
     * @param label what people call it; null: nothing else
     * @param count of its parameters
     */
    record TypeRow(String type, @Nullable String label, int count) {}

    List<String> modifiers() {
        return MODIFIERS;
    }
}
