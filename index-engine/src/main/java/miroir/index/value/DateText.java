package miroir.index.value;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A FHIR date as it is written: its first local instant, how precise it is, and the offset if it says one. Read by hand,
 * because {@code java.time}'s parsers are ten times slower and accept what FHIR does not.
 *
 * @param first the first instant it may mean
 * @param precision the last component that is written
 * @param offset what stands behind the time, or null
 */
record DateText(
        LocalDateTime first, Precision precision, @Nullable ZoneOffset offset) {
    enum Precision {
        YEAR,
        MONTH,
        DAY,
        MINUTE,
        SECOND,
        MILLISECOND
    }

    /** The date, or null when it is not one. */
    static @Nullable DateText read(String text) {
        return new Reader(text).read();
    }

    boolean isDayOrLonger() {
        return precision.compareTo(Precision.DAY) <= 0;
    }

    /** Its length in milliseconds where that is the same everywhere: less than a day. */
    long length() {
        return switch (precision) {
            case MINUTE -> 60_000;
            case SECOND -> 1000;
            default -> 1;
        };
    }

    /** The first local instant after a year, a month or a day. */
    LocalDateTime next() {
        return switch (precision) {
            case YEAR -> first.plusYears(1);
            case MONTH -> first.plusMonths(1);
            default -> first.plusDays(1);
        };
    }

    private static final class Reader {
        private static final int BAD = -1;

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        @Nullable
        DateText read() {
            int year = digits(4);
            if (year < 1) {
                return null;
            }
            if (atEnd()) {
                return new DateText(LocalDateTime.of(year, 1, 1, 0, 0), Precision.YEAR, null);
            }
            int month = skip('-') ? digits(2) : BAD;
            if (month < 1 || month > 12) {
                return null;
            }
            if (atEnd()) {
                return new DateText(LocalDateTime.of(year, month, 1, 0, 0), Precision.MONTH, null);
            }
            int day = skip('-') ? digits(2) : BAD;
            if (day < 1 || (day > 28 && day > YearMonth.of(year, month).lengthOfMonth())) {
                return null;
            }
            LocalDate date = LocalDate.of(year, month, day);
            return atEnd() ? new DateText(date.atStartOfDay(), Precision.DAY, null) : readTime(date);
        }

        private @Nullable DateText readTime(LocalDate date) {
            int hour = skip('T') ? digits(2) : BAD;
            int minute = skip(':') ? digits(2) : BAD;
            if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
                return null;
            }
            LocalDateTime time = date.atTime(hour, minute);
            if (!skip(':')) {
                return end(time, Precision.MINUTE);
            }
            int second = digits(2);
            if (second < 0 || second > 60) {
                return null;
            }
            time = time.plusSeconds(second);
            if (!skip('.')) {
                return end(time, Precision.SECOND);
            }
            int millis = fraction();
            return millis < 0 ? null : end(time.plusNanos(millis * 1_000_000L), Precision.MILLISECOND);
        }

        private @Nullable DateText end(LocalDateTime time, Precision precision) {
            if (atEnd()) {
                return new DateText(time, precision, null);
            }
            ZoneOffset offset = skip('Z') ? ZoneOffset.UTC : readOffset();
            return offset == null || !atEnd() ? null : new DateText(time, precision, offset);
        }

        private @Nullable ZoneOffset readOffset() {
            boolean west = skip('-');
            if (!west && !skip('+')) {
                return null;
            }
            int hours = digits(2);
            int minutes = skip(':') ? digits(2) : BAD;
            if (hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > 14 * 60) {
                return null;
            }
            int total = hours * 60 + minutes;
            return ZoneOffset.ofTotalSeconds((west ? -total : total) * 60);
        }

        /** Milliseconds of a fraction of any length; digits beyond the third are cut. */
        private int fraction() {
            int value = 0;
            int count = 0;
            for (; !atEnd() && isDigit(text.charAt(at)); at++, count++) {
                value = count < 3 ? value * 10 + text.charAt(at) - '0' : value;
            }
            return switch (count) {
                case 0 -> BAD;
                case 1 -> value * 100;
                case 2 -> value * 10;
                default -> value;
            };
        }

        private int digits(int count) {
            int value = 0;
            for (int i = 0; i < count; i++, at++) {
                if (atEnd() || !isDigit(text.charAt(at))) {
                    return BAD;
                }
                value = value * 10 + text.charAt(at) - '0';
            }
            return value;
        }

        private boolean skip(char expected) {
            if (atEnd() || text.charAt(at) != expected) {
                return false;
            }
            at++;
            return true;
        }

        private boolean atEnd() {
            return at == text.length();
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }
    }
}
