package miroir.server.console;

import java.util.List;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a resource, the newest first.
 *
 * @param next path of those before; null: there are none
 */
record VersionsPage(
        View view,
        ResourceKey key,
        List<VersionRow> rows,
        @Nullable String next) {
    VersionsPage {
        rows = List.copyOf(rows);
    }

    String path() {
        return ResourcePages.path(key);
    }

    /**
     * A version.
     *
     * @param badge what happened
     * @param path of its page; null: it has no content
     * @param remark key of what is told instead of differences; null: there are differences
     * @param isCut whether there are more of them
     */
    record VersionRow(
            String version,
            String when,
            Badge badge,
            @Nullable String path,
            @Nullable String remark,
            List<DifferenceRow> differences,
            boolean isCut) {
        VersionRow {
            differences = List.copyOf(differences);
        }
    }

    /** What became different. */
    record DifferenceRow(Badge badge, String path, String before, String after) {}
}
