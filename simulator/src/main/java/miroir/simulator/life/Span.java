package miroir.simulator.life;

/**
 * A span of time in milliseconds.
 *
 * @param from included
 * @param until excluded
 */
public record Span(long from, long until) {
    public static final Span ALWAYS = new Span(Long.MIN_VALUE, Long.MAX_VALUE);

    public boolean contains(long millis) {
        return millis >= from && millis < until;
    }

    /** What both have in common. */
    public Span and(Span other) {
        return new Span(Math.max(from, other.from), Math.min(until, other.until));
    }

    Span before(long millis) {
        return new Span(from, Math.min(until, millis));
    }
}
