package miroir.simulator.query;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import miroir.simulator.life.Span;

/**
 * A value of {@code _lastUpdated}: a prefix and an instant that is as long as its precision.
 *
 * @param from included, in milliseconds
 * @param until excluded
 */
record DateValue(String prefix, long from, long until) {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final long DAY = 86_400_000;
    private static final int PREFIX = 2;

    static DateValue parse(String value) {
        boolean prefixed = value.length() > PREFIX && Character.isLetter(value.charAt(0));
        String text = prefixed ? value.substring(PREFIX) : value;
        String prefix = prefixed ? value.substring(0, PREFIX) : "eq";
        try {
            ZonedDateTime begin = begin(text);
            return new DateValue(prefix, millis(begin), millis(begin.plus(1, precision(text))));
        } catch (DateTimeException e) {
            throw new SearchRefused("Invalid date/time format: \"" + value + "\"");
        }
    }

    private static ZonedDateTime begin(String text) {
        return switch (text.length()) {
            case 4 -> LocalDate.parse(text + "-01-01").atStartOfDay(PARIS);
            case 7 -> LocalDate.parse(text + "-01").atStartOfDay(PARIS);
            case 10 -> LocalDate.parse(text).atStartOfDay(PARIS);
            default ->
                text.matches(".*T.*([Z+]|-\\d\\d:).*")
                        ? OffsetDateTime.parse(text).toZonedDateTime()
                        : LocalDateTime.parse(text).atZone(PARIS);
        };
    }

    private static ChronoUnit precision(String text) {
        return switch (text.length()) {
            case 4 -> ChronoUnit.YEARS;
            case 7 -> ChronoUnit.MONTHS;
            case 10 -> ChronoUnit.DAYS;
            case 16 -> ChronoUnit.MINUTES;
            default -> text.indexOf('.') < 0 ? ChronoUnit.SECONDS : ChronoUnit.MILLIS;
        };
    }

    private static long millis(ZonedDateTime time) {
        return time.toInstant().toEpochMilli();
    }

    /** True for the one prefix whose answer is no span. */
    boolean isExclusion() {
        return prefix.equals("ne");
    }

    Span span() {
        return switch (prefix) {
            case "eq", "ne" -> new Span(from, until);
            case "ge" -> new Span(from, Long.MAX_VALUE);
            case "gt", "sa" -> new Span(until, Long.MAX_VALUE);
            case "le" -> new Span(Long.MIN_VALUE, until);
            case "lt", "eb" -> new Span(Long.MIN_VALUE, from);
            case "ap" -> new Span(from - DAY, until + DAY);
            default -> throw new SearchRefused("Unknown prefix " + prefix);
        };
    }
}
