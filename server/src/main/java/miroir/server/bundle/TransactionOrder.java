package miroir.server.bundle;

import java.util.Comparator;
import java.util.List;

/**
 * The order in which a transaction is done, which is not that of its entries: deletions, creations, updates, reads. What refers to
 * others by criteria is written after everything that does not, a creation after updates too, so that it also finds what the same transaction makes; since no resource is
 * written twice, nothing else depends on that.
 */
public final class TransactionOrder {
    private TransactionOrder() {}

    /** The entries in that order; those of one kind stay as they were. */
    public static List<BundleEntry> of(List<BundleEntry> entries) {
        return entries.stream()
                .map(entry -> new Ranked(rank(entry), entry))
                .sorted(Comparator.comparingInt(Ranked::rank))
                .map(Ranked::entry)
                .toList();
    }

    private record Ranked(int rank, BundleEntry entry) {}

    private static int rank(BundleEntry entry) {
        int later = ConditionalReference.isIn(entry.resource()) ? 2 : 0;
        return switch (entry.method()) {
            case "DELETE" -> 0;
            case "POST" -> entry.url().split("\\?", 2)[0].endsWith("/_search") ? 5 : 1 + later;
            case "PUT", "PATCH" -> 2 + later;
            default -> 5;
        };
    }
}
