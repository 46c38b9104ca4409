package miroir.sync.upstream;

import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Keeps everybody from asking a server that is down. After so many failures in a row nobody asks for a while; then one may
 * try, and its success lets all the others through again, while its failure doubles the while.
 */
final class CircuitBreaker {
    private final Pace pace;
    private final LongSupplier clock;
    private int failures;
    private long openUntil;

    CircuitBreaker(Pace pace, LongSupplier clock) {
        this.pace = pace;
        this.clock = clock;
        this.openUntil = clock.getAsLong();
    }

    /**
     * Waits until the one who waits may ask. Whoever has waited asks once more whether to wait: of all who waited for the same
     * moment only the first one may try.
     *
     * @param pause waits for so many nanoseconds
     */
    void await(LongConsumer pause) {
        for (long wait = toWait(); wait > 0; wait = toWait()) {
            pause.accept(wait);
        }
    }

    /** For how many nanoseconds to wait; who comes after the while is the one who tries. */
    synchronized long toWait() {
        long now = clock.getAsLong();
        long wait = openUntil - now;
        if (wait <= 0 && isOpen()) {
            openUntil = now + pause();
            return 0;
        }
        return Math.max(0, wait);
    }

    synchronized void succeeded() {
        failures = 0;
        openUntil = clock.getAsLong();
    }

    synchronized void failed() {
        failures++;
        if (isOpen()) {
            openUntil = clock.getAsLong() + pause();
        }
    }

    synchronized boolean isOpen() {
        return failures >= pace.failures();
    }

    private long pause() {
        int doubled = Math.min(failures - pace.failures(), 20);
        Duration pause = pace.least().multipliedBy(1L << doubled);
        return (pause.compareTo(pace.most()) < 0 ? pause : pace.most()).toNanos();
    }
}
