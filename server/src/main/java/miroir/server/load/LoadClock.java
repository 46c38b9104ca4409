package miroir.server.load;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a piece of time every ten seconds, for all tenants, as long as the server runs. */
public final class LoadClock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadClock.class);

    private final List<Load> loads;
    private final InstantSource clock;
    private final ScheduledExecutorService thread;
    private final Future<?> ticks;

    /** From now on, until it is closed. */
    public LoadClock(List<Load> loads, InstantSource clock) {
        this.loads = List.copyOf(loads);
        this.clock = clock;
        long piece = LoadRange.TEN_MINUTES.piece().toMillis();
        long untilFull = piece - Math.floorMod(clock.millis(), piece);
        thread = Executors.newSingleThreadScheduledExecutor(LoadClock::named);
        ticks = thread.scheduleAtFixedRate(this::tick, untilFull, piece, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        ticks.cancel(true);
        thread.shutdown();
    }

    /** What got out of here would end all ticks. */
    private void tick() {
        try {
            Runtime runtime = Runtime.getRuntime();
            long heap = runtime.totalMemory() - runtime.freeMemory();
            loads.forEach(load -> load.tick(clock.instant(), heap));
        } catch (Throwable e) {
            LOG.warn("what was asked for in the last seconds is shown with what follows", e);
        }
    }

    private static Thread named(Runnable task) {
        Thread thread = new Thread(task, "load");
        thread.setDaemon(true);
        return thread;
    }
}
