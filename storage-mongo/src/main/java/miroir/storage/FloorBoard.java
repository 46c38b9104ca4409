package miroir.storage;

import java.time.Instant;
import java.util.Map;

/**
 * All floors at one moment of the database's history.
 *
 * @param now the moment: the primary's time, or the latest that any primary ever wrote there
 * @param closed below which number of what is searched nobody commits any more
 * @param floors of the processes that may write, by their rows, whose ids begin with the process
 */
record FloorBoard(Instant now, long closed, Map<String, Instant> floors) {
    FloorBoard {
        floors = Map.copyOf(floors);
    }

    /** Whether nothing may be committed with a number any more. */
    boolean isClosedFor(long number) {
        return closed != number && FieldsNumber.isAtLeast(closed, number);
    }

    /** Up to when everything is settled as far as processes other than this one are concerned. */
    Instant settledByOthers(String process) {
        return floors.entrySet().stream()
                .filter(row -> !row.getKey().startsWith(process))
                .map(Map.Entry::getValue)
                .reduce(now, (one, other) -> one.isBefore(other) ? one : other);
    }
}
