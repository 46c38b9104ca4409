package miroir.sync.daemon;

import java.time.Duration;

/**
 * When a thread that goes round last said that it does. It says so itself, between two steps of its work, whatever came of them: a database that is
 * away makes steps fail, and the thread goes on; one that stands still in the middle of a step says nothing, whatever else in the process still answers.
 */
final class Heartbeat {
    private final String what;
    private final Duration rest;
    private volatile long last = System.nanoTime();

    /**
     * One that beats now.
     *
     * @param what goes round, as a sentence names it
     * @param rest how long it rests between two rounds
     */
    Heartbeat(String what, Duration rest) {
        this.what = what;
        this.rest = rest;
    }

    /** To be called by the thread itself. */
    void beat() {
        last = System.nanoTime();
    }

    /** Whether a step takes longer than that. */
    boolean isMissing(Duration longest) {
        return silence().compareTo(longest.plus(rest)) > 0;
    }

    private Duration silence() {
        return Duration.ofNanos(System.nanoTime() - last);
    }

    @Override
    public String toString() {
        return what + " stands still for " + silence().toSeconds() + " s";
    }
}
