package miroir.server.console;

import java.time.Instant;
import java.util.List;
import miroir.server.load.Load;
import miroir.server.load.LoadRange;
import miroir.server.load.LoadSlot;

/**
 * What was asked for in a range of time.
 *
 * @param since since when this server counts
 * @param until the end of the last piece
 * @param slots its pieces, the oldest first
 * @param mostHeap how much memory this process may take, in bytes
 */
record LoadShown(LoadRange range, Instant since, Instant until, List<LoadSlot> slots, long mostHeap) {
    static final String RANGE = "range";

    LoadShown {
        slots = List.copyOf(slots);
    }

    /** Of the range that is asked for; of the shortest where none is. */
    static LoadShown of(Load load, String code) {
        LoadRange range = code.isEmpty()
                ? LoadRange.TEN_MINUTES
                : LoadRange.find(code).orElseThrow(() -> LoadRange.unknown(code));
        return new LoadShown(
                range,
                load.since(),
                load.until(),
                load.slots(range),
                Runtime.getRuntime().maxMemory());
    }

    /** What it is called where it is asked for as it is now. */
    String fragment() {
        return "load:" + range.code();
    }

    /** The ranges that there are. */
    List<LoadRange> ranges() {
        return List.of(LoadRange.values());
    }

    static String path(LoadRange range) {
        return "/admin/load?" + RANGE + "=" + range.code();
    }
}
