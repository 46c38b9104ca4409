package miroir.server.subscriptions;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import miroir.index.store.HistoryPosition;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/**
 * What of the changes that were read is not delivered yet, in the order of commits.
 *
 * <p>Of each resource the oldest change is under way, and the next one waits until somebody has taken it. Different resources wait for each other only in that the
 * position behind which everything is still to be done is that before the oldest change of all: what a crash leaves is done again from there. How far ahead of it
 * others may be is bounded, or one resource that its receiver never takes would be the reason for any number of repetitions.
 *
 * <p>Not for several threads.
 */
final class Backlog {
    /** How many changes are here at most. */
    static final int MOST = 256;

    private static final long FIRST_PAUSE = 100;
    private static final int MOST_DOUBLINGS = 20;

    private final long longestPause;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Map<ResourceKey, Deque<Entry>> byResource = new HashMap<>();
    private HistoryPosition read;
    private HistoryPosition done;
    private int inFlight;

    /**
     * Empty.
     *
     * @param done up to where everything is done
     * @param longestPause between two attempts, in milliseconds
     */
    Backlog(HistoryPosition done, long longestPause) {
        this.read = done;
        this.done = done;
        this.longestPause = longestPause;
    }

    /** A change on its way. */
    static final class Entry {
        private final Told told;
        private boolean isInFlight;
        private boolean isDone;
        private int failures;
        private long failingSince;

        /** By {@link PlannedWake#now()}. */
        private long dueAt;

        Entry(Told told) {
            this.told = told;
        }

        Told told() {
            return told;
        }

        /** When it failed first, by the clock of the machine; 0: it did not. */
        long failingSince() {
            return failingSince;
        }
    }

    /** Up to where was read. */
    HistoryPosition read() {
        return read;
    }

    /** Up to where everything is done. */
    HistoryPosition done() {
        return done;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    int inFlight() {
        return inFlight;
    }

    /** Adds what is to be told of what was read, up to a position. */
    void add(List<Told> all, HistoryPosition upTo) {
        for (Told told : all) {
            Entry entry = new Entry(told);
            entries.add(entry);
            byResource
                    .computeIfAbsent(told.committed().key(), key -> new ArrayDeque<>())
                    .add(entry);
        }
        read = upTo;
        settle();
    }

    /**
     * At most so many that are to be sent now, which are under way from now on.
     *
     * @param now by {@link PlannedWake#now()}
     */
    List<Entry> due(long now, int most) {
        List<Entry> due = new ArrayList<>();
        for (Entry entry : entries) {
            if (due.size() >= most) {
                break;
            }
            if (isNext(entry) && !entry.isInFlight && entry.dueAt <= now) {
                entry.isInFlight = true;
                due.add(entry);
            }
        }
        inFlight += due.size();
        return due;
    }

    /** The oldest, whenever it is due; which is under way from now on. */
    List<Entry> first() {
        for (Entry entry : entries) {
            if (isNext(entry) && !entry.isInFlight) {
                entry.isInFlight = true;
                inFlight++;
                return List.of(entry);
            }
        }
        return List.of();
    }

    /** Whatever failed is due now. */
    void retryAll() {
        entries.forEach(entry -> entry.dueAt = 0);
    }

    private boolean isNext(Entry entry) {
        Deque<Entry> ofResource = byResource.get(entry.told.committed().key());
        return ofResource != null && ofResource.peekFirst() == entry;
    }

    /** When the next one is due, by {@link PlannedWake#now()}; {@link Long#MAX_VALUE}: none waits. */
    long nextDue() {
        return byResource.values().stream()
                .map(Deque::getFirst)
                .filter(first -> !first.isInFlight)
                .mapToLong(first -> first.dueAt)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Somebody has taken it. */
    void taken(Entry entry) {
        inFlight--;
        entry.isInFlight = false;
        entry.isDone = true;
        Deque<Entry> ofResource = byResource.get(entry.told.committed().key());
        if (ofResource != null && ofResource.peekFirst() == entry) {
            ofResource.removeFirst();
            if (ofResource.isEmpty()) {
                byResource.remove(entry.told.committed().key());
            }
        }
        settle();
    }

    /**
     * Nobody took it: it is tried again later.
     *
     * @param now by {@link PlannedWake#now()}
     * @param told by the clock of the machine, as people are told
     */
    void failed(Entry entry, long now, long told) {
        inFlight--;
        entry.isInFlight = false;
        entry.failingSince = entry.failingSince == 0 ? told : entry.failingSince;
        long pause = FIRST_PAUSE << Math.min(entry.failures, MOST_DOUBLINGS);
        entry.failures++;
        entry.dueAt = now + Math.min(pause, longestPause);
    }

    /** It was not tried. */
    void untried(Entry entry) {
        inFlight--;
        entry.isInFlight = false;
    }

    /** Since when something fails, by the clock of the machine; 0: nothing does. */
    long failingSince() {
        return entries.stream()
                .mapToLong(entry -> entry.failingSince)
                .filter(since -> since > 0)
                .min()
                .orElse(0);
    }

    /** When the oldest was committed that is not delivered; null: there is none. */
    @Nullable
    HistoryPosition oldest() {
        Entry first = entries.peekFirst();
        return first == null ? null : first.told.committed().position();
    }

    private void settle() {
        HistoryPosition last = null;
        while (!entries.isEmpty() && entries.getFirst().isDone) {
            last = entries.removeFirst().told.committed().position();
        }
        if (entries.isEmpty()) {
            done = read;
        } else if (last != null) {
            done = last;
        }
    }
}
