package miroir.server.paging;

import java.time.Instant;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import org.jspecify.annotations.Nullable;

/**
 * Where a history stands after a page. It carries instants where the client gave dates: what a date means must not change
 * between two pages.
 *
 * @param first when the first page was asked for
 * @param path of the history, below the FHIR base
 * @param since only versions from this instant on; null: all
 * @param at only versions that were current at some time of this interval; null: all
 * @param count versions on a page
 * @param parts which parts of resources are shown, as a query; empty: all
 * @param until only versions up to this instant, which the first page settled
 * @param after the last version of the page before
 */
public record HistoryToken(
        Instant first,
        String path,
        @Nullable Instant since,
        HistoryQuery.@Nullable During at,
        int count,
        String parts,
        Instant until,
        HistoryPosition after) {}
