package miroir.server.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept, by type.
 *
 * @param total of all that is known
 */
record TypesPage(View view, List<TypeRow> rows, TypeRow total) {
    TypesPage {
        rows = List.copyOf(rows);
    }

    /**
     * What there is of a type; texts are empty where something is not known.
     *
     * @param label what it is called
     * @param asOf as of when it was copied
     * @param copied when a synchronisation of it succeeded last
     */
    record TypeRow(
            String type,
            @Nullable String label,
            String count,
            String current,
            String history,
            String indexes,
            String asOf,
            String copied) {}
}
