package miroir.server.admin;

import java.time.Duration;
import java.util.Locale;
import miroir.storage.sync.Schedule;

/** Values as people write them, and as they are read back. */
public final class Written {
    private Written() {}

    /** As it is, but for lengths of time. */
    public static String schedule(Schedule schedule) {
        return schedule instanceof Schedule.Every every ? length(every.interval()) : schedule.text();
    }

    /** {@code 5%}. */
    public static String share(double share) {
        return String.format(Locale.ROOT, "%.3f", share * 100).replaceFirst("\\.?0+$", "") + "%";
    }

    /** {@code 10m}: in the largest unit of which it is a whole number. */
    public static String length(Duration length) {
        long millis = length.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
