package miroir.index.store;

import java.util.List;

/**
 * Versions of a history, newest first.
 *
 * @param more whether at least one older version follows the last of these
 */
public record HistoryPage(List<ResourceVersion> versions, boolean more) {
    public HistoryPage {
        versions = List.copyOf(versions);
    }
}
