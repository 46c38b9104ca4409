package miroir.sync.upstream;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole page.
 *
 * @param date the upstream's clock when it answered
 * @param total how many resources the search found; null where the upstream does not say
 * @param next null on the last page
 * @param bytes how long the answer was
 * @param retries how many calls failed before it came
 */
public record Page(
        Instant date, @Nullable Long total, @Nullable URI next, List<Entry> entries, int bytes, int retries) {
    public Page {
        entries = List.copyOf(entries);
    }

    /** The same, after so many calls that failed. */
    Page after(int failed) {
        return new Page(date, total, next, entries, bytes, failed);
    }
}
