package miroir.index.store;

import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One page of a history, newest version first, or oldest first for who follows what is committed.
 *
 * @param since only versions from this instant on; null: all
 * @param at only versions that were current at some time of this interval; null: all
 * @param until only versions up to this instant, itself included; what {@link ResourceStore#settled} said when the first
 *     page was asked for, so that all pages show the same
 * @param after the last version of the page before; null for the first page
 * @param limit at most so many versions; fewer where they are large, see {@link Page#MOST_BYTES}
 * @param oldestFirst in the order of commits, the reverse of the usual one; of types only, and not with {@code at}
 */
public record HistoryQuery(
        Of of,
        @Nullable Instant since,
        @Nullable During at,
        Instant until,
        @Nullable HistoryPosition after,
        int limit,
        Deadline deadline,
        boolean oldestFirst) {
    public HistoryQuery {
        if (oldestFirst && (at != null || !(of instanceof Types))) {
            throw new IllegalArgumentException("the oldest come first of types only, and not as at an instant");
        }
    }

    /** Newest first. */
    public HistoryQuery(
            Of of,
            @Nullable Instant since,
            @Nullable During at,
            Instant until,
            @Nullable HistoryPosition after,
            int limit,
            Deadline deadline) {
        this(of, since, at, until, after, limit, deadline, false);
    }

    /** The same of something else. */
    public HistoryQuery of(Of other) {
        return new HistoryQuery(other, since, at, until, after, limit, deadline, oldestFirst);
    }

    /** How positions follow each other. */
    public Comparator<HistoryPosition> order() {
        return oldestFirst ? Comparator.reverseOrder() : Comparator.naturalOrder();
    }

    /**
     * The instant after which a version must have held to be asked for by {@code at}; null: any. Nothing is shown of what
     * comes after {@code until}, so of a later time what held then is what is known of it.
     */
    public @Nullable Instant heldAfter() {
        return at != null && at.start().isAfter(until) ? until : at == null ? null : at.start();
    }

    /** Whose history. */
    public sealed interface Of {}

    /** The history of one resource. */
    public record Resource(ResourceKey key) implements Of {}

    /** The history of everything of these types. */
    public record Types(Set<String> types) implements Of {
        public Types {
            types = new TreeSet<>(types);
        }
    }

    /** From {@code start} to {@code end}, which is not part of it. */
    public record During(Instant start, Instant end) {}
}
