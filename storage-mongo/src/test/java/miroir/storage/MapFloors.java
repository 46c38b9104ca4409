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

    record Row(Instant floor, Instant until) {}

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
        rows.forEach((id, row) -> floors.put(id, row.floor()));
        return new FloorBoard(now, floors);
    }

    @Override
    public FloorBoard take(String id, Instant floor, Instant until) {
        rows.put(id, new Row(floor, until));
        return look();
    }

    @Override
    public boolean publish(String id, Instant floor) {
        return renew(id, floor, Instant.EPOCH);
    }

    @Override
    public boolean renew(String id, Instant floor, Instant until) {
        return rows.computeIfPresent(id, (same, row) -> new Row(later(row.floor(), floor), later(row.until(), until)))
                != null;
    }

    @Override
    public void giveUp(String id) {
        rows.remove(id);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
