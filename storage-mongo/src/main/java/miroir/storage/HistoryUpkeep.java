package miroir.storage;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a server does to history by itself: repairs what crashes left, and removes old versions.
 *
 * @param age superseded versions are removed so long after their end; null: never for their age
 * @param versions how many superseded versions of one resource are kept; null: all
 * @param linksLast how long a link to a next page, or an export, works: a version that ended less than this ago is never removed
 * @param every how often, however many servers there are
 */
public record HistoryUpkeep(
        @Nullable Duration age, @Nullable Integer versions, Duration linksLast, Duration every) {
    public HistoryUpkeep {
        if (age != null && age.compareTo(linksLast) < 0) {
            throw new IllegalArgumentException("links last " + linksLast + ", and history only " + age);
        }
    }
}
