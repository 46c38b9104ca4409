package miroir.server;

import java.time.Duration;

/**
 * How fast bytes must flow at least.
 *
 * @param bytesPerSecond once the time to begin is over
 * @param begin how long it may take before that counts: a pause of the network, of the client or of this JVM says nothing
 *     about a rate, least of all where there are few bytes
 */
record LeastRate(int bytesPerSecond, Duration begin) {

    /** After how many nanoseconds so many bytes must have flowed. */
    long nanosFor(long bytes) {
        return begin.toNanos() + Math.multiplyExact(bytes, 1_000_000_000L / bytesPerSecond + 1);
    }
}
