package miroir.simulator.life;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The clock of the simulated directory: it runs like another one and can be put forward, never back. Thread-safe. */
public final class SimulatedClock {
    private final Clock source;
    private Duration ahead;

    /** A clock that shows {@code start} now. */
    public SimulatedClock(Clock source, Instant start) {
        this.source = source;
        this.ahead = Duration.between(source.instant(), start);
    }

    public synchronized Instant now() {
        return source.instant().plus(ahead);
    }

    /** Puts the clock forward by that much. */
    public synchronized void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("the clock cannot be put back by " + by.negated()
                    + "; what was answered already would not have happened");
        }
        ahead = ahead.plus(by);
    }

    /** Puts the clock forward until it shows at least this. */
    public synchronized void advanceTo(Instant instant) {
        Duration missing = Duration.between(now(), instant);
        ahead = missing.isNegative() ? ahead : ahead.plus(missing);
    }
}
