package miroir.storage;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryPosition;
import miroir.index.store.Page;

/**
 * The first, in the order of a history, of the versions that were met in several places, each once, and no more than a page needs: one beyond its
 * limit, or the one that passes {@link Page#MOST_BYTES}.
 */
final class FirstVersions {
    private final int limit;
    private final NavigableMap<HistoryPosition, FoundVersion> found;
    private long bytes;

    FirstVersions(int limit, Comparator<HistoryPosition> order) {
        this.limit = limit;
        this.found = new TreeMap<>(order);
    }

    /** False where this one is not needed any more, and so none that comes after it. */
    boolean add(FoundVersion version) {
        HistoryPosition position = version.position();
        if (found.putIfAbsent(position, version) == null) {
            bytes += bytes(version);
            while (isEnough(found.size() - 1, bytes - bytes(last().getValue()))) {
                bytes -= bytes(last().getValue());
                found.pollLastEntry();
            }
        }
        return found.containsKey(position);
    }

    /** Whether there may be more than these. */
    boolean isFull() {
        return isEnough(found.size(), bytes);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** The last of these. */
    HistoryPosition end() {
        return last().getKey();
    }

    Collection<FoundVersion> all() {
        return found.values();
    }

    private boolean isEnough(int count, long bytes) {
        return count > limit || (count > 1 && bytes > Page.MOST_BYTES);
    }

    private Map.Entry<HistoryPosition, FoundVersion> last() {
        return Objects.requireNonNull(found.lastEntry());
    }

    private static long bytes(FoundVersion found) {
        return HistoryPage.bytes(found.version());
    }
}
