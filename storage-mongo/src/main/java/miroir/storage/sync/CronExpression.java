package miroir.storage.sync;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;

/**
 * Minute, hour, day of the month, month, day of the week (0 and 7 are Sunday), as cron has them: numbers, {@code *},
 * ranges, lists, steps. Where both days are restricted, either may match.
 */
public final class CronExpression {
    /** There may be eight between two 29ths of February. */
    private static final int YEARS = 9;

    private static final ZonedDateTime SOME_DAY = ZonedDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean anyHour;
    private final boolean anyDay;
    private final boolean anyWeekday;

    private CronExpression(String text, String[] fields) {
        this.text = text;
        this.minutes = field(fields[0], "minute", 0, 59);
        this.hours = field(fields[1], "hour", 0, 23);
        this.days = field(fields[2], "day of the month", 1, 31);
        this.months = field(fields[3], "month", 1, 12);
        this.weekdays = field(fields[4], "day of the week", 0, 7);
        this.anyHour = fields[1].equals("*");
        this.anyDay = fields[2].equals("*");
        this.anyWeekday = fields[4].equals("*");
    }

    /** Reads five fields, of times that come. */
    public static CronExpression parse(String text) {
        String[] fields = text.strip().split("\\s+", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException("'" + text + "' has " + fields.length
                    + " fields; allowed are five: minute, hour, day of the month, month, day of the week");
        }
        CronExpression cron = new CronExpression(String.join(" ", fields), fields);
        cron.next(SOME_DAY);
        return cron;
    }

    String text() {
        return text;
    }

    /**
     * The first time after this one.
     *
     * <p>What is to happen every hour goes by time as it passes. What has its hours goes by the clock on the wall, so that daylight
     * saving neither takes a day's run away nor makes two of it: a time that does not exist comes as much later as the clock is
     * put forward, and one that exists twice counts the first time.
     */
    public ZonedDateTime next(ZonedDateTime after) {
        ZonedDateTime end = after.plusYears(YEARS);
        if (anyHour) {
            ZonedDateTime time = minuteAfter(after);
            while (!matches(time.toLocalDateTime()) && time.isBefore(end)) {
                time = isDay(time.toLocalDate())
                        ? time.plusMinutes(1)
                        : time.toLocalDate().plusDays(1).atStartOfDay(time.getZone());
            }
            return checked(time, end);
        }
        ZonedDateTime time = after;
        for (LocalDateTime wall = after.toLocalDateTime(); !time.isAfter(after); ) {
            wall = onTheWall(wall, end.toLocalDateTime());
            time = checked(wall.atZone(after.getZone()), end);
        }
        return time;
    }

    private LocalDateTime onTheWall(LocalDateTime after, LocalDateTime end) {
        LocalDateTime time = after.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        while (!matches(time) && time.isBefore(end)) {
            if (!isDay(time.toLocalDate())) {
                time = time.toLocalDate().plusDays(1).atStartOfDay();
            } else if (!hours.get(time.getHour())) {
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else {
                time = time.plusMinutes(1);
            }
        }
        return time;
    }

    private static ZonedDateTime minuteAfter(ZonedDateTime time) {
        return time.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    }

    private ZonedDateTime checked(ZonedDateTime time, ZonedDateTime end) {
        if (!time.isBefore(end)) {
            throw new IllegalArgumentException("the times of '" + text + "' never come");
        }
        return time;
    }

    private boolean matches(LocalDateTime time) {
        return isDay(time.toLocalDate()) && hours.get(time.getHour()) && minutes.get(time.getMinute());
    }

    private boolean isDay(LocalDate time) {
        return months.get(time.getMonthValue()) && isDayOfMonthOrWeek(time);
    }

    private boolean isDayOfMonthOrWeek(LocalDate time) {
        int weekday = time.getDayOfWeek().getValue();
        boolean ofWeek = weekdays.get(weekday) || (weekday == 7 && weekdays.get(0));
        boolean ofMonth = days.get(time.getDayOfMonth());
        return (anyDay || anyWeekday) ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    private static BitSet field(String text, String name, int least, int most) {
        BitSet values = new BitSet(most + 1);
        for (String part : text.split(",", -1)) {
            try {
                String[] stepped = part.split("/", -1);
                int step = stepped.length == 2 ? Integer.parseInt(stepped[1]) : 1;
                String[] range =
                        stepped[0].equals("*") ? new String[] {"" + least, "" + most} : stepped[0].split("-", -1);
                int from = Integer.parseInt(range[0]);
                int to = range.length == 2 ? Integer.parseInt(range[1]) : stepped.length == 2 ? most : from;
                if (from < least || to > most || from > to || step < 1 || range.length > 2 || stepped.length > 2) {
                    throw new NumberFormatException(part);
                }
                for (int value = from; value <= to; value += step) {
                    values.set(value);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'" + part + "' is no " + name + "; allowed is " + least + " to " + most
                                + ", *, ranges such as 1-5, lists such as 1,3 and steps such as */10",
                        e);
            }
        }
        return values;
    }
}
