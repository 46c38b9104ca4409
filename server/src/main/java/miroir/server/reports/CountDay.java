package miroir.server.reports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import miroir.index.store.Deadline;

/** Counts what changed on a day, from where somebody stopped. */
record CountDay(ReportParts parts, Asking asking) {

    private static final class Sum {
        private DayCounts counts;

        Sum(DayCounts counts) {
            this.counts = counts;
        }
    }

    /** Up to a settled instant, or to the end of the day where that is before. */
    DayCounts run(DayCounts counted, Set<String> types, Instant settled, Supplier<Deadline> deadlines) {
        ZoneId zone = parts.zone();
        LocalDate day = counted.day();
        Instant end = DayCounts.end(day, zone);
        Instant until = end.isAfter(settled) ? settled : end;
        if (!until.isAfter(counted.until())) {
            return counted;
        }
        Sum sum = new Sum(counted);
        try {
            new WalkChanges(parts, asking)
                    .<List<Change>>run(
                            types,
                            counted.until().plusMillis(1),
                            until,
                            deadlines,
                            (page, store, caller, deadline) -> page,
                            page -> sum.counts = sum.counts.and(page, until));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum.counts.and(List.of(), until);
    }
}
