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
 * <p>It looks for a while before it believes it: a process that was stopped for long, with its machine or by hand, wakes with everything silent. Each thread comes round a moment later, or, where it was asking the
 * database, when that call has timed out.
 *
 * <p>What is told to end has a limit too: whatever hangs then would keep the process, with nothing that works in it, and nobody would start another one.
 */
public final class NoticeStandstill implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NoticeStandstill.class);
    /** In so many looks together something has to stand still: as shipped that is longer than a call to the database may take. */
    static final int LOOKS = 7;

    /** What is said may be what hangs, as where nobody reads what is printed. */
    private static final Duration TELLING = Duration.ofSeconds(2);

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
            List<String> still = List.of();
            for (int looks = 0; looks < LOOKS; looks = still.isEmpty() ? 0 : looks + 1) {
                TimeUnit.NANOSECONDS.sleep(every.toNanos());
                still = standsStill.get();
            }
            endBecause(String.join("; ", still));
        } catch (InterruptedException e) {
            LOG.debug("nobody has to notice any more", e);
        }
    }

    private void endLate() {
        try {
            TimeUnit.NANOSECONDS.sleep(ending.toNanos());
            endBecause("it was told to end, and has not after " + ending.toSeconds() + " s");
        } catch (InterruptedException e) {
            LOG.debug("all has ended", e);
        }
    }

    private void endBecause(String what) throws InterruptedException {
        Thread telling = new Thread(() -> tell(what), "tell-standstill");
        telling.setDaemon(true);
        telling.start();
        try {
            TimeUnit.NANOSECONDS.timedJoin(telling, TELLING.toNanos());
        } finally {
            end.run();
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
