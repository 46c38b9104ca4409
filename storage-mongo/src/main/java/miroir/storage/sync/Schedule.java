package miroir.storage.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a synchronisation runs: so long after its last start, or at the times of a cron expression in a zone. Written as
 * {@code 6h}, or as five fields and a zone: {@code 30 4 * * * Europe/Paris}.
 */
public sealed interface Schedule {
    Pattern INTERVAL = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)");

    /** When it is due, given when it last began. */
    Instant after(Instant lastStart);

    /** As it is written. */
    String text();

    /** So long after the last start. */
    record Every(Duration interval) implements Schedule {
        public Every {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("an interval of " + interval + "; it must be longer than none");
            }
        }

        @Override
        public Instant after(Instant lastStart) {
            return lastStart.plus(interval);
        }

        @Override
        public String text() {
            return interval.toMillis() % 1000 == 0 ? interval.toSeconds() + "s" : interval.toMillis() + "ms";
        }
    }

    /** At the times of the expression. */
    record At(CronExpression cron, ZoneId zone) implements Schedule {
        @Override
        public Instant after(Instant lastStart) {
            return cron.next(lastStart.atZone(zone)).toInstant();
        }

        @Override
        public String text() {
            return cron.text() + " " + zone.getId();
        }
    }

    /** Reads what {@link #text} writes. */
    static Schedule parse(String text) {
        Matcher interval = INTERVAL.matcher(text.strip());
        if (interval.matches()) {
            long amount = Long.parseLong(interval.group(1));
            return new Every(
                    switch (interval.group(2).toLowerCase(Locale.ROOT)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    });
        }
        String[] parts = text.strip().split("\\s+", -1);
        if (parts.length != 5 && parts.length != 6) {
            throw new IllegalArgumentException("'" + text
                    + "' is no schedule; allowed is an interval such as 6h, or a cron expression of five fields and a zone,"
                    + " such as 30 4 * * * Europe/Paris");
        }
        ZoneId zone = ZoneId.of(parts.length == 6 ? parts[5] : "Europe/Paris");
        return new At(CronExpression.parse(String.join(" ", Arrays.copyOf(parts, 5))), zone);
    }
}
