package miroir.storage.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * The resources whose {@code meta.lastUpdated} lies between two instants. Windows that touch share no resource,
 * because the upper end is excluded.
 *
 * @param from the first instant in it, in whole milliseconds, as the upstream stamps
 * @param to the first instant after it
 */
public record Window(Instant from, Instant to) {
    /** After every stamp. */
    public static final Instant FOREVER = Instant.parse("9999-12-31T23:59:59Z");

    /** Every stamp that there can be, and none: it is selected by no parameter. */
    public static final Window ALWAYS = new Window(Instant.EPOCH, FOREVER);

    private static final DateTimeFormatter SECONDS = stamp("uuuu-MM-dd'T'HH:mm:ssX");
    private static final DateTimeFormatter MILLIS = stamp("uuuu-MM-dd'T'HH:mm:ss.SSSX");
    private static final Duration NARROWEST = Duration.ofMillis(1);

    public Window {
        from = from.truncatedTo(ChronoUnit.MILLIS);
        to = to.truncatedTo(ChronoUnit.MILLIS);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("the window from " + from + " to " + to + " is empty");
        }
    }

    private static DateTimeFormatter stamp(String pattern) {
        return DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
    }

    /**
     * The search parameters that select it; none of their characters needs an escape in a URL. Milliseconds, which the
     * directory's documentation does not mention, are written only where there are any.
     */
    public String query() {
        if (equals(ALWAYS)) {
            return "";
        }
        return "_lastUpdated=ge" + text(from) + "&_lastUpdated=lt" + text(to);
    }

    private static String text(Instant instant) {
        return (instant.equals(instant.truncatedTo(ChronoUnit.SECONDS)) ? SECONDS : MILLIS).format(instant);
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(from) && instant.isBefore(to);
    }

    /** The upstream's stamps have milliseconds: nothing narrower can be asked for. */
    public boolean isNarrowest() {
        return length().compareTo(NARROWEST) <= 0;
    }

    /** The earlier half; never the narrowest window's. */
    public Window earlierHalf() {
        return new Window(from, middle());
    }

    /** What {@link #earlierHalf} leaves. */
    public Window laterHalf() {
        return new Window(middle(), to);
    }

    /** In whole seconds, until a second is to be halved. */
    private Instant middle() {
        Instant middle = from.plusMillis(length().toMillis() / 2);
        Instant second = middle.truncatedTo(ChronoUnit.SECONDS);
        return second.isAfter(from) ? second : middle;
    }

    public Duration length() {
        return Duration.between(from, to);
    }
}
