package miroir.sql.database;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is written down of a table of the copy.
 *
 * @param asOf everything that was committed up to then is in it, and nothing that came later; the same for all tables of a copy
 * @param rows how many there are
 * @param lastChange as of when rows of it changed last
 * @param source which store its rows are from
 * @param error why the copy does not go on; null: it does
 */
public record TableState(
        String table,
        String viewId,
        String resourceType,
        Instant asOf,
        long rows,
        Instant lastChange,
        Instant built,
        String fingerprint,
        String shape,
        String source,
        @Nullable String error) {}
