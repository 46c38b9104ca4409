package miroir.sync.window;

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
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
    private static final Duration NARROWEST = Duration.ofMillis(1);

    public Window {
        from = from.truncatedTo(ChronoUnit.MILLIS);
        to = to.truncatedTo(ChronoUnit.MILLIS);
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("the window from " + from + " to " + to + " is empty");
        }
    }

    /** The search parameters that select it; none of their characters needs an escape in a URL. */
    public String query() {
        return "_lastUpdated=ge" + STAMP.format(from) + "&_lastUpdated=lt" + STAMP.format(to);
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

    private Instant middle() {
        return from.plusMillis(length().toMillis() / 2);
    }

    public Duration length() {
        return Duration.between(from, to);
    }
}
