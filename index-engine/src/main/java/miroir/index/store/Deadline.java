package miroir.index.store;

import java.time.Duration;

/** When a request must have its answer; all database calls made for it share what is left. */
public record Deadline(long nanoTime) {

    /** So long from now. */
    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** The earlier of this one and another. */
    public Deadline orEarlier(Deadline other) {
        return nanoTime - other.nanoTime <= 0 ? this : other;
    }

    /** What is left; zero or less once it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(nanoTime - System.nanoTime());
    }
}
