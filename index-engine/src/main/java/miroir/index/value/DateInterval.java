package miroir.index.value;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * All the milliseconds that a FHIR date may mean, both ends included, since the epoch.
 *
 * <p>A date is as long as it is imprecise: {@code 2024} is a year, {@code 2024-02-29T10:00} a minute, {@code …:30} a
 * second, and with a fraction it is one millisecond (further digits are cut). What has no zone is meant in the given one:
 * a day there may have 23 or 25 hours. A local time that the clock shows twice covers both; one that it skips is moved on
 * by the length of the gap. A leap second, {@code :60}, is the first second of the next minute, as clocks count it.
 *
 * @param start the first millisecond
 * @param end the last millisecond
 */
public record DateInterval(long start, long end) {
    /** Where an interval has no beginning. */
    public static final long OPEN_START = Long.MIN_VALUE;
    /** Where an interval has no end. */
    public static final long OPEN_END = Long.MAX_VALUE;

    /** The interval of a FHIR date, dateTime or instant; seconds may be missing, as searches allow. */
    public static DateInterval parse(String text, ZoneId zone) {
        DateInterval interval = parseOrNull(text, zone);
        if (interval == null) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "\"" + Refusal.shown(text)
                            + "\" is not a date; allowed are YYYY, YYYY-MM, YYYY-MM-DD, YYYY-MM-DDThh:mm and"
                            + " YYYY-MM-DDThh:mm:ss[.fff], the last two optionally with Z or ±hh:mm (in a URL, + is written"
                            + " %2B), of days that exist between 0001 and 9999");
        }
        return interval;
    }

    /** The same for stored values, where one that is not a date is left out: null. */
    public static @Nullable DateInterval parseOrNull(String text, ZoneId zone) {
        DateText date = DateText.read(text);
        return date == null ? null : of(date, zone);
    }

    private static DateInterval of(DateText date, ZoneId zone) {
        LocalDateTime first = date.first();
        ZoneOffset offset = date.offset();
        if (offset != null) {
            long start = millis(first, offset);
            return new DateInterval(start, start + date.length() - 1);
        }
        if (date.isDayOrLonger()) {
            return new DateInterval(millis(first, earlier(first, zone)), startOfNext(date, zone) - 1);
        }
        LocalDateTime last = first.plusNanos((date.length() - 1) * 1_000_000);
        return new DateInterval(millis(first, earlier(first, zone)), millis(last, later(last, zone)));
    }

    private static long startOfNext(DateText date, ZoneId zone) {
        LocalDateTime next = date.next();
        return millis(next, earlier(next, zone));
    }

    private static long millis(LocalDateTime time, ZoneOffset offset) {
        return time.toInstant(offset).toEpochMilli();
    }

    /** The offset before a change of the clock; of a skipped time it makes the same time after the gap. */
    private static ZoneOffset earlier(LocalDateTime time, ZoneId zone) {
        List<ZoneOffset> valid = zone.getRules().getValidOffsets(time);
        return valid.isEmpty() ? zone.getRules().getTransition(time).getOffsetBefore() : valid.get(0);
    }

    private static ZoneOffset later(LocalDateTime time, ZoneId zone) {
        List<ZoneOffset> valid = zone.getRules().getValidOffsets(time);
        return valid.size() == 2 ? valid.get(1) : earlier(time, zone);
    }
}
