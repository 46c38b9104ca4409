package miroir.sync.daemon;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * When a thread that goes round last said that it does. It says so itself, between two steps of its work, whatever came of them: a database that is
 * away makes steps fail, and the thread goes on; one that stands still in the middle of a step says nothing, whatever else in the process still answers.
 */
final class Heartbeat {
    private final String what;
    private final Duration rest;
    private final LongSupplier nanoTime;
    private final AtomicLong beats = new AtomicLong();
    private volatile long last;

    /**
     * One that beats now.
     *
     * @param what goes round, as a sentence names it
     * @param rest how long it rests between two rounds
     */
    Heartbeat(String what, Duration rest) {
        this(what, rest, System::nanoTime);
    }

    Heartbeat(String what, Duration rest, LongSupplier nanoTime) {
        this.what = what;
        this.rest = rest;
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    /** To be called by the thread itself. */
    void beat() {
        last = nanoTime.getAsLong();
        beats.incrementAndGet();
    }

    /** How often it has. */
    long beats() {
        return beats.get();
    }

    /** Whether a step takes longer than that. */
    boolean isMissing(Duration longest) {
        return silence().compareTo(longest.plus(rest)) > 0;
    }

    private Duration silence() {
        return Duration.ofNanos(nanoTime.getAsLong() - last);
    }

    @Override
    public String toString() {
        return what + " stands still for " + silence().toSeconds() + " s";
    }
}
