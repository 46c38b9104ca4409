package miroir.server.alerts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import miroir.server.configuration.AlertsConfiguration.Thresholds;
import miroir.server.load.Load;
import miroir.server.load.LoadRange;
import miroir.server.load.LoadSlot;
import miroir.server.load.LoadTally;
import miroir.storage.DiskSpace;
import org.jspecify.annotations.Nullable;

/** What is wrong with this server, which no other one sees: how often it fails, how long it takes, and how much of its disk is left. */
final class FindOwnProblems {
    /** Of fewer requests nothing is said: one that fails is no rate. */
    private static final long FEWEST = 100;

    private static final double NEARLY_ALL = 0.95;
    private static final double HUNDRED = 100;
    private static final double LESS = 0.8;
    private static final double MORE = 1.2;

    private final String host;
    private final Load load;
    private final Supplier<DiskSpace> disk;
    private final @Nullable Threshold errors;
    private final @Nullable Threshold latency;
    private final @Nullable Threshold used;

    /**
     * Of a tenant; the disk is the server's.
     *
     * @param host how the server is called
     */
    FindOwnProblems(String host, Load load, Supplier<DiskSpace> disk, Thresholds thresholds) {
        this.host = host;
        this.load = load;
        this.disk = disk;
        Integer percent = thresholds.errorPercent();
        this.errors = percent == null ? null : new Threshold(percent, LESS * percent);
        Duration longest = thresholds.latency();
        this.latency = longest == null ? null : new Threshold(longest.toMillis(), LESS * longest.toMillis());
        this.used = ofDisk(thresholds);
    }

    /** Of how much is used, in hundredths. */
    static @Nullable Threshold ofDisk(Thresholds thresholds) {
        Integer free = thresholds.diskFreePercent();
        return free == null ? null : new Threshold(HUNDRED - free, HUNDRED - MORE * free);
    }

    List<Problem> now() {
        List<Problem> problems = new ArrayList<>();
        addOfRequests(problems);
        DiskSpace space = disk.get();
        if (used != null && used.isBeyond(used(space))) {
            problems.add(new Problem(Kind.DISK, host, said(space)));
        }
        return problems;
    }

    private void addOfRequests(List<Problem> problems) {
        LoadTally tally = load.slots(LoadRange.TEN_MINUTES).stream()
                .map(LoadSlot::tally)
                .reduce(LoadTally::and)
                .orElse(LoadTally.NOTHING);
        long requests = tally.all().requests();
        if (requests < FEWEST) {
            return;
        }
        double failed = HUNDRED * tally.all().serverErrors() / requests;
        if (errors != null && errors.isBeyond(failed)) {
            problems.add(new Problem(
                    Kind.ERRORS, host, percent(failed) + " of " + requests + " requests in ten minutes failed (5xx)"));
        }
        double millis = tally.times().percentile(NEARLY_ALL);
        if (latency != null && latency.isBeyond(millis)) {
            problems.add(new Problem(
                    Kind.SLOW,
                    host,
                    "95 % of " + requests + " requests in ten minutes took up to " + Math.round(millis) + " ms"));
        }
    }

    static double used(DiskSpace space) {
        return space.total() <= 0 ? 0 : HUNDRED * (space.total() - space.free()) / space.total();
    }

    static String said(DiskSpace space) {
        return percent(HUNDRED - used(space)) + " are free, " + (space.free() >> 20) + " MB of "
                + (space.total() >> 20);
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f %%", value);
    }
}
