package miroir.index.store;

import java.util.ArrayList;
import java.util.Iterator;
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

    /**
     * The longest page that these versions fill: at most so many and {@link Page#MOST_BYTES}, but at least one. At most one
     * version more than that is taken.
     */
    public static HistoryPage filledFrom(Iterator<ResourceVersion> newestFirst, int limit) {
        List<ResourceVersion> versions = new ArrayList<>();
        long bytes = 0;
        while (newestFirst.hasNext()) {
            ResourceVersion next = newestFirst.next();
            bytes += bytes(next);
            if (versions.size() == limit || (bytes > Page.MOST_BYTES && !versions.isEmpty())) {
                return new HistoryPage(versions, true);
            }
            versions.add(next);
        }
        return new HistoryPage(versions, false);
    }

    /** What a version counts for where pages are ended by their bytes. */
    public static long bytes(ResourceVersion version) {
        return version instanceof ResourceVersion.Live live
                ? live.fhir().getByteBuffer().remaining()
                : 0;
    }
}
