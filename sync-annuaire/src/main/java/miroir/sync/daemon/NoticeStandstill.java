package miroir.sync.daemon;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose daemon stands still, for whoever keeps the process to start it again. Probes see the same from outside, and more, such as a process that does not answer at all; but
 * neither systemd nor an engine of containers starts again what merely fails a probe.
 *
 * <p>It looks twice before it believes it: a process that was stopped for long, with its machine or by hand, wakes with everything silent, and each thread comes round a moment later.
 *
 * <p>What is told to end has a limit too: whatever hangs then would keep the process, with nothing that works in it, and nobody would start another one.
 */
public final class NoticeStandstill implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeStandstill.class);
    private static final Set<String> GO_ROUND = Set.of(Daemon.THREAD, Leader.THREAD);

    private final Duration every;
    private final Duration ending;
    private final Runnable end;
    private final Thread watcher = new Thread(this::watch, "notice-standstill");
    private final Thread last = new Thread(this::endLate, "notice-end");
    private volatile Supplier<List<String>> standsStill = List::of;

    /**
     * It does not look yet. It has to be closed after everything that may hang.
     *
     * @param every how often it looks
     * @param ending how long what is told to end may take
     * @param end ends the process; nothing that stands still may be waited for in it
     */
    public NoticeStandstill(Duration every, Duration ending, Runnable end) {
        this.every = every;
        this.ending = ending;
        this.end = end;
        watcher.setDaemon(true);
        last.setDaemon(true);
    }

    /** Begins to look at what stands still, in sentences. */
    public void start(Supplier<List<String>> what) {
        standsStill = what;
        watcher.start();
    }

    /** From now on everything ends, and has been closed, this one too, before the time is over. */
    public void expectEnd() {
        watcher.interrupt();
        last.start();
    }

    @Override
    public void close() {
        watcher.interrupt();
        last.interrupt();
    }

    private void watch() {
        try {
            boolean stoodStill = false;
            for (List<String> still = rest(); still.isEmpty() || !stoodStill; still = rest()) {
                stoodStill = !still.isEmpty();
            }
            tell(String.join("; ", standsStill.get()));
            end.run();
        } catch (InterruptedException e) {
            LOG.debug("nobody has to notice any more", e);
        }
    }

    private List<String> rest() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(every.toNanos());
        return standsStill.get();
    }

    private void endLate() {
        try {
            TimeUnit.NANOSECONDS.sleep(ending.toNanos());
            tell("it was told to end, and has not after " + ending.toSeconds() + " s");
            end.run();
        } catch (InterruptedException e) {
            LOG.debug("all has ended", e);
        }
    }

    /** With what those do that have to come round, which is all that can be known of why. */
    private static void tell(String what) {
        LOG.error("{}; the process ends", what);
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (GO_ROUND.contains(thread.getName())) {
                LOG.error("{} is at {}", thread.getName(), Arrays.toString(stack));
            }
        });
    }
}
