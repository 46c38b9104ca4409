package miroir.server.load;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last pieces of a range, each put together from those that came while it lasted. */
final class LoadRing {
    private final LoadRange range;
    private final Deque<LoadSlot> over = new ArrayDeque<>();

    /** The piece that still grows. */
    private @Nullable LoadSlot open;

    LoadRing(LoadRange range) {
        this.range = range;
    }

    void add(LoadSlot slot) {
        LoadSlot before = open;
        if (before == null) {
            open = slot;
        } else if (number(before) == number(slot)) {
            open = before.and(slot);
        } else {
            over.addLast(before);
            open = slot;
            while (over.size() >= range.pieces()) {
                over.removeFirst();
            }
        }
    }

    /** Clocks are not exact: what begins a moment before the full minute belongs to the one after it. */
    private long number(LoadSlot slot) {
        return Math.floorDiv(slot.middle().toEpochMilli(), range.piece().toMillis());
    }

    /** Those of the time before that, the oldest first. */
    List<LoadSlot> before(Instant now) {
        List<LoadSlot> all = new ArrayList<>(over);
        if (open != null) {
            all.add(open);
        }
        Instant oldest = now.minus(range.length());
        all.removeIf(slot -> slot.middle().isBefore(oldest));
        return all;
    }
}
