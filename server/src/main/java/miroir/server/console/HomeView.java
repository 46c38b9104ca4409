package miroir.server.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first page.
 *
 * @param badge how the server is
 * @param detail what it waits for; null: nothing
 * @param rows what it has, as far as whoever looks may know
 * @param base its FHIR base
 * @param hasReports whether there are pages about the directory as a whole
 */
record HomeView(
        View view,
        Badge badge,
        @Nullable String detail,
        List<TypeRow> rows,
        String base,
        List<Example> examples,
        boolean hasReports) {
    HomeView {
        rows = List.copyOf(rows);
        examples = List.copyOf(examples);
    }

    /**
     * What there is of a type.
     *
     * @param label what it is called
     * @param asOf as of when it was copied
     * @param badge whether the copy is on time; null: it is no copy
     */
    record TypeRow(
            String type,
            String label,
            String count,
            String asOf,
            @Nullable Badge badge) {}

    /**
     * Something to try.
     *
     * @param query below the FHIR base
     * @param key of what it asks
     */
    record Example(String query, String key) {}
}
