package miroir.server.console;

import java.time.Instant;
import java.util.List;
import miroir.index.store.StoredSize;
import miroir.server.console.MeasuredTypes.Measured;
import org.jspecify.annotations.Nullable;

/** What is kept, by type. */
record TypeList(List<Row> rows) {
    TypeList {
        rows = List.copyOf(rows);
    }

    /** Of all types together: what is not known of one of them is not known of all. */
    Measured total() {
        return rows.stream().map(Row::measured).reduce(new Measured(0L, StoredSize.NONE), Measured::and);
    }

    /**
     * What there is of a type.
     *
     * @param asOf as of when it was copied; null: it never was
     * @param copied when a synchronisation of it succeeded last; null: none did
     */
    record Row(
            String type,
            Measured measured,
            @Nullable Instant asOf,
            @Nullable Instant copied) {}
}
