package miroir.index.json;

/**
 * Dates and times as FHIR writes them, checked byte by byte: the regular expressions of the specification, and beyond
 * them that the day exists in its month.
 */
final class TimeText {
    private static final int[] DAYS = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private TimeText() {}

    /** {@code YYYY}, {@code YYYY-MM} or {@code YYYY-MM-DD}. */
    static boolean isDate(byte[] text, int from, int to) {
        int length = to - from;
        return (length == 4 || length == 7 || length == 10) && startsWithDate(text, from, length);
    }

    /** A date, or a full date with time and zone. */
    static boolean isDateTime(byte[] text, int from, int to) {
        return to - from <= 10 ? isDate(text, from, to) : isInstant(text, from, to);
    }

    /** A full date with time and zone. */
    static boolean isInstant(byte[] text, int from, int to) {
        if (to - from < 20 || text[from + 10] != 'T' || !startsWithDate(text, from, 10)) {
            return false;
        }
        int end = endOfTime(text, from + 11, to);
        return end > 0 && isZone(text, end, to);
    }

    /** {@code hh:mm:ss} with an optional fraction. */
    static boolean isTime(byte[] text, int from, int to) {
        return endOfTime(text, from, to) == to;
    }

    private static boolean startsWithDate(byte[] text, int from, int length) {
        int year = 100 * two(text, from) + two(text, from + 2);
        if (two(text, from) < 0 || two(text, from + 2) < 0 || year == 0) {
            return false;
        }
        if (length == 4) {
            return true;
        }
        int month = two(text, from + 5);
        if (text[from + 4] != '-' || month < 1 || month > 12) {
            return false;
        }
        return length == 7 || (text[from + 7] == '-' && isDay(year, month, two(text, from + 8)));
    }

    private static boolean isDay(int year, int month, int day) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return day >= 1 && day <= (month == 2 && !leap ? 28 : DAYS[month]);
    }

    /** Where the time ends that starts here, or -1. A minute may have a second 60. */
    private static int endOfTime(byte[] text, int from, int to) {
        if (to - from < 8 || text[from + 2] != ':' || text[from + 5] != ':') {
            return -1;
        }
        boolean inRange =
                isUpTo(23, two(text, from)) && isUpTo(59, two(text, from + 3)) && isUpTo(60, two(text, from + 6));
        if (!inRange) {
            return -1;
        }
        int end = from + 8;
        if (end == to || text[end] != '.') {
            return end;
        }
        int digit = end + 1;
        while (digit < to && text[digit] >= '0' && text[digit] <= '9') {
            digit++;
        }
        return digit == end + 1 ? -1 : digit;
    }

    private static boolean isZone(byte[] text, int from, int to) {
        if (to - from == 1) {
            return text[from] == 'Z';
        }
        if (to - from != 6 || (text[from] != '+' && text[from] != '-') || text[from + 3] != ':') {
            return false;
        }
        int hours = two(text, from + 1);
        int minutes = two(text, from + 4);
        return (isUpTo(13, hours) && isUpTo(59, minutes)) || (hours == 14 && minutes == 0);
    }

    private static boolean isUpTo(int most, int value) {
        return value >= 0 && value <= most;
    }

    /** Two digits as a number, or -1000. */
    private static int two(byte[] text, int at) {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1000 : 10 * tens + ones;
    }
}
