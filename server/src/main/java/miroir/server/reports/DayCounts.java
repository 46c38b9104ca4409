package miroir.server.reports;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How many changes of each type and kind a day had.
 *
 * @param until the last instant that is counted
 */
record DayCounts(LocalDate day, Instant until, Map<String, Map<ChangeKind, Long>> ofTypes) {
    DayCounts {
        ofTypes = new TreeMap<>(ofTypes);
    }

    static DayCounts none(LocalDate day, ZoneId zone) {
        return new DayCounts(day, start(day, zone).minusMillis(1), Map.of());
    }

    static Instant start(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toInstant();
    }

    static Instant end(LocalDate day, ZoneId zone) {
        return start(day.plusDays(1), zone).minusMillis(1);
    }

    /** Whether nothing can be added. */
    boolean isWhole(ZoneId zone) {
        return !until.isBefore(end(day, zone));
    }

    /** With what was counted after it. */
    DayCounts and(List<Change> more, Instant countedUntil) {
        Map<String, Map<ChangeKind, Long>> all = new TreeMap<>();
        ofTypes.forEach((type, kinds) -> all.put(type, new EnumMap<>(kinds)));
        for (Change change : more) {
            Map<ChangeKind, Long> kinds =
                    all.computeIfAbsent(change.key().type(), type -> new EnumMap<>(ChangeKind.class));
            change.kinds().forEach(kind -> kinds.merge(kind, 1L, Long::sum));
        }
        return new DayCounts(day, countedUntil, all);
    }

    /** Of these types only. */
    DayCounts of(Set<String> types) {
        Map<String, Map<ChangeKind, Long>> some = new TreeMap<>(ofTypes);
        some.keySet().retainAll(types);
        return new DayCounts(day, until, some);
    }

    long count(String type, ChangeKind kind) {
        return ofTypes.getOrDefault(type, Map.of()).getOrDefault(kind, 0L);
    }
}
