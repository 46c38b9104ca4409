package miroir.index.store;

import java.time.Duration;

/** When a request must have its answer; all database calls made for it share what is left. */
public record Deadline(long nanoTime) {

    /** So long from now. */
    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** What is left; zero or less once it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(nanoTime - System.nanoTime());
    }
}
