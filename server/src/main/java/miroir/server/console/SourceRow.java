package miroir.server.console;

import java.time.Instant;
import java.util.List;
import miroir.storage.sync.KnownSource.Trial;
import org.jspecify.annotations.Nullable;

/**
 * A source as people see it.
 *
 * @param badge the worst of its synchronisations; null: it has none
 * @param uses the synchronisations that copy from it
 * @param success when a run from it was complete last
 * @param isAsked whether it is to be tried, and was not yet
 */
record SourceRow(
        String name,
        String base,
        String quota,
        boolean isFromFile,
        @Nullable Badge badge,
        List<String> uses,
        @Nullable Instant success,
        boolean isAsked,
        @Nullable Trial tried) {
    SourceRow {
        uses = List.copyOf(uses);
    }
}
