package miroir.server.console;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thread that does all that it is given, one after the other, and takes turns from when it is told to until it is told to rest. While it rests it ends after a moment: of a hundred tenants most are looked at by nobody. */
final class Turns implements AutoCloseable {
    private static final long ENDS_AFTER_SECONDS = 30;

    private final ScheduledThreadPoolExecutor thread;
    private final Runnable turn;
    private final long millis;
    private @Nullable Future<?> taken;

    /**
     * None is taken yet.
     *
     * @param millis between two turns
     */
    Turns(String name, Runnable turn, long millis) {
        this.turn = turn;
        this.millis = millis;
        this.thread = new ScheduledThreadPoolExecutor(1, work -> thread(work, name));
        thread.setKeepAliveTime(ENDS_AFTER_SECONDS, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** From now on turns are taken, if they are not already. */
    synchronized void go() {
        if (taken == null) {
            taken = thread.scheduleWithFixedDelay(turn, millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    /** The turn that is taken now is the last one, until they are taken again. */
    synchronized void rest() {
        if (taken != null) {
            taken.cancel(false);
            taken = null;
        }
    }

    /** Whether there is a next one. */
    synchronized boolean areTaken() {
        return taken != null;
    }

    /** What else that thread does. */
    ScheduledExecutorService thread() {
        return thread;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
