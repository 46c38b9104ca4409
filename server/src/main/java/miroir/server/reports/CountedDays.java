package miroir.server.reports;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.server.directory.DirectoryResource;
import miroir.server.pipeline.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What changed on each of the last days, counted.
 *
 * <p>The problem: counting a day goes through all of its history, tens of seconds after a night with many changes, minutes after a first load; and somebody looks at
 * thirty of them.
 *
 * <p>The approach: past days do not change any more, but by erasures, which may be missing from a count. So one thread counts them once, newest first, and remembers
 * them until the server stops; of the present day it counts what was added. A page waits for it a moment, and then shows what there is.
 *
 * <p>That is what everybody together may see. Who may see less is counted for alone, each time, and refused where that takes longer than a search may.
 */
final class CountedDays implements AutoCloseable {
    static final int MOST = 90;

    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final String NAME = "count-changes";

    private final ReportParts parts;
    private final Caller everyone;
    private final Background background = new Background(NAME);
    private final Map<LocalDate, DayCounts> remembered = new ConcurrentHashMap<>();

    /**
     * Those of a store.
     *
     * @param everyone who sees everything, on whose behalf days are counted ahead
     */
    CountedDays(ReportParts parts, Caller everyone) {
        this.parts = parts;
        this.everyone = everyone;
    }

    /**
     * One of the days that were asked for.
     *
     * @param counts null: it is not counted yet
     */
    record Day(LocalDate day, @Nullable DayCounts counts) {}

    /** The last days, the present one first. */
    List<Day> last(Exchange exchange, int days, Set<String> types) {
        LocalDate today = LocalDate.now(parts.zone());
        List<LocalDate> wanted = today.minusDays(days - 1L)
                .datesUntil(today.plusDays(1))
                .sorted(Comparator.reverseOrder())
                .toList();
        boolean seesAll = types.stream()
                .allMatch(type -> exchange.caller().seen().of(type).isAll());
        return seesAll ? forEverybody(wanted, types) : forOne(exchange, wanted, types);
    }

    private List<Day> forEverybody(List<LocalDate> wanted, Set<String> types) {
        background.run(() -> count(wanted), WAIT);
        if (!remembered.keySet().containsAll(wanted)) {
            // What was under way may have been asked for by somebody who wanted less.
            background.run(() -> count(wanted), WAIT);
        }
        return wanted.stream().map(day -> remembered(day, types)).toList();
    }

    private Day remembered(LocalDate day, Set<String> types) {
        DayCounts counts = remembered.get(day);
        return new Day(day, counts == null ? null : counts.of(types));
    }

    private void count(List<LocalDate> wanted) {
        LocalDate oldest = wanted.get(0).minusDays(MOST);
        remembered.keySet().removeIf(day -> day.isBefore(oldest));
        ZoneId zone = parts.zone();
        Asking asking = new Asking.ByServer(parts, everyone);
        Set<String> types = parts.served(DirectoryResource.TYPES);
        CountDay countDay = new CountDay(parts, asking);
        Rest rest = new Rest();
        Instant settled = parts.store().settled(asking.caller(), PATIENCE, parts.deadline());
        for (LocalDate day : wanted) {
            DayCounts known = remembered.getOrDefault(day, DayCounts.none(day, zone));
            if (!known.isWhole(zone)) {
                remembered.put(day, countDay.run(known, types, settled, () -> after(rest)));
            }
        }
    }

    private Deadline after(Rest rest) {
        rest.take();
        return parts.deadline();
    }

    /** What is counted ahead takes half of the time at most, so that requests have the rest. */
    private static final class Rest {
        private static final Duration LONGEST = Duration.ofSeconds(1);

        private long since = System.nanoTime();

        void take() {
            LockSupport.parkNanos(Math.min(System.nanoTime() - since, LONGEST.toNanos()));
            if (Thread.currentThread().isInterrupted()) {
                throw new Refusal(Refusal.Reason.NOT_READY, "the server stops");
            }
            since = System.nanoTime();
        }
    }

    private List<Day> forOne(Exchange exchange, List<LocalDate> wanted, Set<String> types) {
        Deadline whole = parts.deadline();
        Instant settled = parts.store().settled(exchange.caller(), PATIENCE, whole);
        CountDay countDay = new CountDay(parts, new Asking.ByRequest(parts, exchange));
        List<Day> counted = new ArrayList<>();
        for (LocalDate day : wanted) {
            DayCounts none = DayCounts.none(day, parts.zone());
            counted.add(new Day(day, countDay.run(none, types, settled, () -> inTime(whole))));
        }
        return counted;
    }

    private static Deadline inTime(Deadline whole) {
        if (whole.remaining().isNegative()) {
            throw new Refusal(
                    Refusal.Reason.TOO_COSTLY,
                    "what you may see of so many days takes too long to count: ask for fewer with days=, or for the rows of"
                            + " /reports/changes.csv");
        }
        return whole;
    }

    @Override
    public void close() {
        background.close();
    }
}
