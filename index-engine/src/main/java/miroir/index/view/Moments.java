package miroir.index.view;

import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import miroir.index.value.DateInterval;
import org.jspecify.annotations.Nullable;

/**
 * How dates and times stand to each other, by FHIRPath's rule: what is written decides as far as both are written, and where it does not decide, nobody knows.
 *
 * <p>A date is all the milliseconds that it may mean. Two that share none are in order; two that are the same are equal; of others nothing is known. What says
 * no offset may be any hour of the world where the other one says one. Seconds count as written to the millisecond.
 */
final class Moments {
    private static final long SECOND = 1000;
    private static final int MINUTE = "10:00".length();
    private static final long EAST = ZoneOffset.ofHours(14).getTotalSeconds() * SECOND;
    private static final long WEST = ZoneOffset.ofHours(12).getTotalSeconds() * SECOND;

    private Moments() {}

    /** Negative, zero, positive; null where that is not known, or where one is none. */
    static @Nullable Integer compare(String left, String right) {
        DateInterval first = interval(left, hasOffset(right));
        DateInterval second = interval(right, hasOffset(left));
        return first == null || second == null ? null : compare(first, second);
    }

    /** The same of times of a day; of one without seconds it is not known where in the minute it is. */
    static @Nullable Integer compareTimes(String left, String right) {
        LocalTime first = time(left);
        LocalTime second = time(right);
        if (first == null || second == null) {
            return null;
        }
        boolean isSamePrecision = (left.length() == MINUTE) == (right.length() == MINUTE);
        int order = isSamePrecision
                ? first.compareTo(second)
                : first.truncatedTo(ChronoUnit.MINUTES).compareTo(second.truncatedTo(ChronoUnit.MINUTES));
        return isSamePrecision || order != 0 ? Integer.valueOf(order) : null;
    }

    private static @Nullable LocalTime time(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable Integer compare(DateInterval left, DateInterval right) {
        if (length(left) <= SECOND && length(right) <= SECOND) {
            return Long.compare(left.start(), right.start());
        }
        if (left.end() < right.start()) {
            return -1;
        }
        if (left.start() > right.end()) {
            return 1;
        }
        return left.equals(right) ? 0 : null;
    }

    private static long length(DateInterval interval) {
        return interval.end() - interval.start() + 1;
    }

    private static @Nullable DateInterval interval(String text, boolean isOtherExact) {
        DateInterval interval = DateInterval.parseOrNull(text, ZoneOffset.UTC);
        return interval == null || !isOtherExact || hasOffset(text)
                ? interval
                : new DateInterval(interval.start() - EAST, interval.end() + WEST);
    }

    /** Whether it says where. */
    static boolean hasOffset(String text) {
        int time = text.indexOf('T');
        return time >= 0 && (text.endsWith("Z") || text.indexOf('+', time) >= 0 || text.indexOf('-', time) >= 0);
    }
}
