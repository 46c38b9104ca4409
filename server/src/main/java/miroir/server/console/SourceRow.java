package miroir.server.console;

import java.time.Instant;
import java.util.List;
import miroir.storage.sync.Cause;
import miroir.storage.sync.KnownSource.Trial;
import org.jspecify.annotations.Nullable;

/**
 * A source as people see it.
 *
 * @param badge how it is, as its synchronisations found it; null: it has none
 * @param toConfirm the synchronisations that wait for a person
 * @param failing those that fail, be it for the source or not
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
        List<String> toConfirm,
        List<String> failing,
        List<String> uses,
        @Nullable Instant success,
        boolean isAsked,
        @Nullable Trial tried) {
    SourceRow {
        uses = List.copyOf(uses);
        toConfirm = List.copyOf(toConfirm);
        failing = List.copyOf(failing);
    }

    /** The page of a synchronisation. */
    static String path(String synchronisation) {
        return "/admin/synchronisations/" + synchronisation.replace('/', '.');
    }

    /** Why it did not answer who tried it; null: it did, or nobody did. */
    @Nullable
    ToldCause told() {
        Cause why = tried == null ? null : tried.why();
        return why == null ? null : ToldCause.ofTrial(name, why);
    }
}
