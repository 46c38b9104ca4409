package miroir.index.store;

import java.time.Instant;
import java.util.Comparator;

/**
 * The place of a version in the order of a history: newest first, those of one instant by type and id. No resource has two
 * versions of one instant.
 */
public record HistoryPosition(Instant from, String type, String id) implements Comparable<HistoryPosition> {
    private static final Comparator<HistoryPosition> ORDER = Comparator.comparing(HistoryPosition::from)
            .reversed()
            .thenComparing(HistoryPosition::type)
            .thenComparing(HistoryPosition::id);

    /** Where this version stands. */
    public static HistoryPosition of(ResourceVersion version) {
        return new HistoryPosition(
                version.from(), version.key().type(), version.key().id());
    }

    @Override
    public int compareTo(HistoryPosition other) {
        return ORDER.compare(this, other);
    }
}
