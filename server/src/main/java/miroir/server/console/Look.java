package miroir.server.console;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a fragment looks to all who see it alike, as the events that say so: as a whole for who has not seen it yet, and what became different for who saw
 * how it looked before. Both are made once, for any number of browsers.
 */
final class Look {
    private final Object present;
    private final List<String> lines;
    private final long number;
    private final long before;
    private final byte[] whole;
    private final byte[] change;

    private Look(Object present, List<String> lines, long number, long before, byte[] whole, byte[] change) {
        this.present = present;
        this.lines = lines;
        this.number = number;
        this.before = before;
        this.whole = whole;
        this.change = change;
    }

    /**
     * How it looks now.
     *
     * @param present what is shown
     * @param known how it looked before; null: nobody has seen it
     * @param number that no other look has
     */
    static Look of(String name, Object present, String html, @Nullable Look known, long number) {
        List<String> lines = html.lines().toList();
        if (known != null && known.lines.equals(lines)) {
            return new Look(present, lines, known.number, known.before, known.whole, known.change);
        }
        byte[] whole = event("fragment", name, lines);
        byte[] change = known == null ? whole : change(name, known.lines, lines);
        boolean isLess = change.length < whole.length;
        return new Look(present, lines, number, known == null ? 0 : known.number, whole, isLess ? change : whole);
    }

    private static byte[] change(String name, List<String> before, List<String> after) {
        StringBuilder event = new StringBuilder("event: lines\ndata: ").append(name);
        for (ChangedLines each : ChangedLines.between(before, after)) {
            event.append("\ndata: ").append(each.from()).append(' ').append(each.removed());
            event.append(' ').append(each.lines().size());
            each.lines().forEach(line -> event.append("\ndata: ").append(line));
        }
        return bytes(event);
    }

    private static byte[] event(String kind, String name, List<String> lines) {
        StringBuilder event =
                new StringBuilder("event: ").append(kind).append("\ndata: ").append(name);
        lines.forEach(line -> event.append("\ndata: ").append(line));
        return bytes(event);
    }

    private static byte[] bytes(StringBuilder event) {
        return event.append("\n\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    boolean shows(Object what) {
        return present.equals(what);
    }

    long number() {
        return number;
    }

    /** For who has seen the look of that number last; 0: none. */
    byte[] event(long seen) {
        return seen != 0 && seen == before ? change : whole;
    }

    /** For anybody. */
    byte[] event() {
        return whole;
    }
}
