package miroir.sync.daemon;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose daemon stands still, for whoever keeps the process to start it again. Probes see the same from outside, and more, such as a process that does not answer at all; but
 * neither systemd nor an engine of containers starts again what merely fails a probe.
 *
 * <p>It looks twice before it believes it: a process that was stopped for long, with its machine or by hand, wakes with everything silent, and each thread comes round a moment later.
 */
public final class NoticeStandstill implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeStandstill.class);
    private static final Set<String> GO_ROUND = Set.of(Daemon.THREAD, Leader.THREAD);

    private final Daemon daemon;
    private final Duration every;
    private final Runnable end;
    private final Thread watcher = new Thread(this::watch, "notice-standstill");

    /**
     * It does not look yet.
     *
     * @param every how often it looks
     * @param end ends the process; nothing that stands still may be waited for in it
     */
    public NoticeStandstill(Daemon daemon, Duration every, Runnable end) {
        this.daemon = daemon;
        this.every = every;
        this.end = end;
        watcher.setDaemon(true);
    }

    /** Begins to look. */
    public void start() {
        watcher.start();
    }

    @Override
    public void close() {
        watcher.interrupt();
    }

    private void watch() {
        try {
            boolean stoodStill = false;
            for (List<String> still = rest(); still.isEmpty() || !stoodStill; still = rest()) {
                stoodStill = !still.isEmpty();
            }
            tell();
            end.run();
        } catch (InterruptedException e) {
            LOG.debug("nobody has to notice any more", e);
        }
    }

    private List<String> rest() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(every.toNanos());
        return daemon.standsStill();
    }

    /** With what those do that have to come round, which is all that can be known of why. */
    private void tell() {
        LOG.error("{}; the process ends", String.join("; ", daemon.standsStill()));
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (GO_ROUND.contains(thread.getName())) {
                LOG.error("{} is at {}", thread.getName(), Arrays.toString(stack));
            }
        });
    }
}
