package miroir.server.alerts;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import miroir.index.store.Readiness;
import miroir.server.configuration.AlertsConfiguration.Thresholds;
import miroir.server.load.Load;
import miroir.server.load.LoadRange;
import miroir.server.load.LoadSlot;
import miroir.server.load.LoadTally;
import miroir.server.load.LogHistogram;
import miroir.server.load.Share;
import miroir.storage.DiskSpace;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with this server, which no other one sees: how often it fails, how long it takes, and how much of its disk is left.
 *
 * <p>A rate says something where there are many requests, and something of this server where all is well with what it needs. So of few requests, and while the database is
 * away or indexes are built, and for as long afterwards as failures of that time are among those that are counted, holds what held before: nothing
 * begins, which would be the same problem twice, and nothing is over because clients have gone elsewhere.
 */
final class FindOwnProblems {
    private static final Logger LOG = LoggerFactory.getLogger(FindOwnProblems.class);

    /** Of fewer requests nothing is said: one that fails is no rate. */
    private static final long FEWEST = 100;

    /** For so long what failed is counted, and it may have failed until just before somebody looked again. */
    private static final Duration COUNTED = LoadRange.TEN_MINUTES.length().plus(KeepWatch.PAUSE.multipliedBy(2));

    private static final double NEARLY_ALL = 0.95;
    private static final double HUNDRED = 100;
    private static final double LESS = 0.8;
    private static final double MORE = 1.2;

    private final String host;
    private final Load load;
    private final Supplier<DiskSpace> disk;
    private final Supplier<Readiness> readiness;
    private final @Nullable Threshold errors;
    private final @Nullable Threshold latency;
    private final @Nullable Threshold used;

    private Instant counts = Instant.MIN;
    private @Nullable Problem failing;
    private @Nullable Problem slow;
    private @Nullable Problem full;

    /**
     * Of a tenant; the disk is the server's.
     *
     * @param host how the server is called
     */
    FindOwnProblems(
            String host, Load load, Supplier<DiskSpace> disk, Supplier<Readiness> readiness, Thresholds thresholds) {
        this.host = host;
        this.load = load;
        this.disk = disk;
        this.readiness = readiness;
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

    /** @param isAway whether the database does not answer */
    List<Problem> at(Instant now, boolean isAway) {
        if (isAway || !isReady()) {
            counts = now.plus(COUNTED);
        }
        if (!now.isBefore(counts)) {
            lookAtRequests();
        }
        lookAtDisk();
        List<Problem> problems = new ArrayList<>();
        Stream.of(failing, slow, full).filter(Objects::nonNull).forEach(problems::add);
        return problems;
    }

    private boolean isReady() {
        try {
            return readiness.get().ready();
        } catch (RuntimeException e) {
            LOG.debug("whether searches can be answered is not known", e);
            return false;
        }
    }

    private void lookAtRequests() {
        LoadTally tally = load.slots(LoadRange.TEN_MINUTES).stream()
                .map(LoadSlot::tally)
                .reduce(LoadTally::and)
                .orElse(LoadTally.NOTHING);
        if (tally.served().requests() >= FEWEST) {
            failing = failing(tally.served());
        }
        if (tally.reads().count() >= FEWEST) {
            slow = slow(tally.reads());
        }
    }

    private @Nullable Problem failing(Share served) {
        double failed = HUNDRED * served.serverErrors() / served.requests();
        return errors == null || !errors.isBeyond(failed, failing != null)
                ? null
                : new Problem(
                        Kind.ERRORS,
                        host,
                        percent(failed) + " of " + served.requests() + " requests in ten minutes failed (5xx)");
    }

    private @Nullable Problem slow(LogHistogram reads) {
        double millis = reads.percentile(NEARLY_ALL);
        return latency == null || !latency.isBeyond(millis, slow != null)
                ? null
                : new Problem(
                        Kind.SLOW,
                        host,
                        "95 % of " + reads.count() + " reads and searches in ten minutes took up to "
                                + Math.round(millis) + " ms");
    }

    private void lookAtDisk() {
        if (used != null) {
            DiskSpace space = disk.get();
            full = used.isBeyond(used(space), full != null) ? new Problem(Kind.DISK, host, said(space)) : null;
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
