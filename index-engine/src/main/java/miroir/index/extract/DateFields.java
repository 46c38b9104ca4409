package miroir.index.extract;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import miroir.index.path.Capture;
import miroir.index.path.RawValue;
import miroir.index.value.DateInterval;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.jspecify.annotations.Nullable;

/** One field without suffix: an array of {@code {s, e}}. */
final class DateFields implements ParameterFields {
    private final FieldPlan plan;
    private final ZoneId zone;
    private final List<DateInterval> intervals = new ArrayList<>();

    DateFields(FieldPlan plan, ZoneId zone) {
        this.plan = plan;
        this.zone = zone;
    }

    @Override
    public void add(Capture capture, RawValue value) {
        switch (capture.dataType()) {
            case "Period" -> add(period(value));
            case "Timing" -> add(timing(value));
            default -> add(date(value.text()));
        }
    }

    private void add(@Nullable DateInterval interval) {
        if (interval != null && !intervals.contains(interval)) {
            intervals.add(interval);
        }
    }

    private @Nullable DateInterval date(@Nullable String text) {
        return text == null ? null : DateInterval.parseOrNull(text, zone);
    }

    /** Null where it ends before it starts: no date is in it, and every way of searching must agree on that. */
    private @Nullable DateInterval period(RawValue period) {
        DateInterval start = date(period.text("start"));
        DateInterval end = date(period.text("end"));
        DateInterval interval = new DateInterval(
                start == null ? DateInterval.OPEN_START : start.start(),
                end == null ? DateInterval.OPEN_END : end.end());
        return interval.start() > interval.end() ? null : interval;
    }

    /** From the first to the last of its events and bounds; one with neither may happen at any time. */
    private @Nullable DateInterval timing(RawValue timing) {
        List<DateInterval> parts = new ArrayList<>();
        for (RawValue event : timing.all("event")) {
            DateInterval at = date(event.text());
            if (at != null) {
                parts.add(at);
            }
        }
        RawValue repeat = timing.get("repeat");
        RawValue bounds = repeat == null ? null : repeat.get("boundsPeriod");
        DateInterval within = bounds == null ? null : period(bounds);
        if (within != null) {
            parts.add(within);
        }
        if (parts.isEmpty() && bounds != null) {
            return null;
        }
        long start = parts.stream().mapToLong(DateInterval::start).min().orElse(DateInterval.OPEN_START);
        long end = parts.stream().mapToLong(DateInterval::end).max().orElse(DateInterval.OPEN_END);
        return new DateInterval(start, end);
    }

    @Override
    public void write(BsonDocument fields) {
        BsonArray array = new BsonArray(intervals.size());
        SortBounds<Long> bounds = new SortBounds<>();
        for (DateInterval interval : intervals) {
            array.add(
                    new BsonDocument("s", new BsonInt64(interval.start())).append("e", new BsonInt64(interval.end())));
            bounds.add(interval.start(), interval.end());
        }
        fields.append(plan.base(), array);
        bounds.write(fields, plan, BsonInt64::new);
    }
}
