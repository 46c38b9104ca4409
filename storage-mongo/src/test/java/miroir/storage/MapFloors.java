package miroir.storage;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import miroir.index.store.Deadline;

/** The board in a map: every call is one moment. */
class MapFloors implements Floors {
    final Map<String, Row> rows = new HashMap<>();
    private final Supplier<Instant> primary;
    private Instant now = Instant.EPOCH;
    private long closed;

    record Row(Promise promise, Instant until) {}

    MapFloors(Supplier<Instant> primary) {
        this.primary = primary;
    }

    @Override
    public FloorBoard look(Deadline deadline) {
        return look();
    }

    private FloorBoard look() {
        rows.values().removeIf(row -> row.until().isBefore(primary.get()));
        now = later(now, primary.get());
        Map<String, Instant> floors = new HashMap<>();
        rows.forEach((id, row) -> floors.put(id, row.promise().floor()));
        return new FloorBoard(now, closed, floors);
    }

    @Override
    public FloorBoard take(String id, Promise promise, Instant until) {
        if (promise.number() >= closed) {
            rows.put(id, new Row(promise, until));
        }
        return look();
    }

    @Override
    public boolean publish(String id, Promise promise) {
        return renew(id, promise, Instant.EPOCH);
    }

    @Override
    public boolean renew(String id, Promise promise, Instant until) {
        return rows.computeIfPresent(
                        id, (same, row) -> new Row(later(row.promise(), promise), later(row.until(), until)))
                != null;
    }

    @Override
    public boolean close(long number) {
        look();
        if (rows.values().stream().allMatch(row -> row.promise().number() >= number)) {
            closed = Math.max(closed, number);
        }
        return closed >= number;
    }

    @Override
    public void giveUp(String id) {
        rows.remove(id);
    }

    private static Promise later(Promise one, Promise other) {
        return new Promise(later(one.floor(), other.floor()), Math.max(one.number(), other.number()));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
