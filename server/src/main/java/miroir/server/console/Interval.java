package miroir.server.console;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as it is written in settings, {@code 6h}, of whole units, and as people say it. */
record Interval(int count, String unit) {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,9})([smhd])");

    /** Empty: it is something else, such as a line of times. */
    static Optional<Interval> of(String written) {
        Matcher interval = WRITTEN.matcher(written);
        return interval.matches()
                ? Optional.of(new Interval(Integer.parseInt(interval.group(1)), interval.group(2)))
                : Optional.empty();
    }

    /** How often something is done that is done after each of it. */
    String often(View view) {
        String key = "sync.often." + unit;
        return count == 1 ? view.say(key) : view.say(key + "s", view.number(count));
    }

    /** How long it is. */
    String length(View view) {
        Duration one = switch (unit) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
        return view.length(one.multipliedBy(count));
    }
}
