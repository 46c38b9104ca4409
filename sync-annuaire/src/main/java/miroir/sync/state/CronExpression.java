package miroir.sync.state;

import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;

/**
 * Minute, hour, day of the month, month, day of the week (0 and 7 are Sunday), as cron has them: numbers, {@code *},
 * ranges, lists, steps. Where both days are restricted, either may match.
 */
public final class CronExpression {
    private static final int YEARS = 5;

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean anyDay;
    private final boolean anyWeekday;

    private CronExpression(String text, String[] fields) {
        this.text = text;
        this.minutes = field(fields[0], "minute", 0, 59);
        this.hours = field(fields[1], "hour", 0, 23);
        this.days = field(fields[2], "day of the month", 1, 31);
        this.months = field(fields[3], "month", 1, 12);
        this.weekdays = field(fields[4], "day of the week", 0, 7);
        this.anyDay = fields[2].equals("*");
        this.anyWeekday = fields[4].equals("*");
    }

    /** Reads five fields. */
    public static CronExpression parse(String text) {
        String[] fields = text.strip().split("\\s+", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException("'" + text + "' has " + fields.length
                    + " fields; allowed are five: minute, hour, day of the month, month, day of the week");
        }
        return new CronExpression(String.join(" ", fields), fields);
    }

    String text() {
        return text;
    }

    /** The first time after this one; an hour that daylight saving skips is passed over. */
    public ZonedDateTime next(ZonedDateTime after) {
        ZonedDateTime time = after.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        ZonedDateTime end = after.plusYears(YEARS);
        while (time.isBefore(end)) {
            if (!months.get(time.getMonthValue()) || !isDay(time)) {
                time = time.toLocalDate().plusDays(1).atStartOfDay(time.getZone());
            } else if (!hours.get(time.getHour())) {
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!minutes.get(time.getMinute())) {
                time = time.plusMinutes(1);
            } else {
                return time;
            }
        }
        throw new IllegalArgumentException("the times of '" + text + "' never come");
    }

    private boolean isDay(ZonedDateTime time) {
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
