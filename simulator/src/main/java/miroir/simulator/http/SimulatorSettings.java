package miroir.simulator.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated directory is like.
 *
 * @param size how many resources of all types, at least; there are 311 or a multiple of that
 * @param pace how much happens: 1 as in reality, 20 for twenty times as much
 * @param start what its clock shows at the start
 * @param livedDays how many nights of its life are over at the start
 * @param address of this machine that it listens to; whoever reaches it may move its hands
 * @param port 0 for any that is free
 * @param key what clients must show; null where anyone may ask
 * @param quota calls a second; 0 for any number
 * @param linkLife how long links to next pages work
 * @param lateness how much later than its instant says some of what is written can be seen
 * @param longestDelta how far back {@code _lastUpdated} may reach; zero for any time
 * @param source drives its clock
 */
public record SimulatorSettings(
        long seed,
        long size,
        double pace,
        Instant start,
        int livedDays,
        String address,
        int port,
        @Nullable String key,
        int quota,
        Duration linkLife,
        Duration lateness,
        Duration longestDelta,
        Clock source) {
    private static final long LARGEST = 20_000_000;

    /** How many resources belong to a hundred practitioners, and how many practitioners that is. */
    private static final int OF_DISTRICT = 311;

    private static final int PRACTITIONERS = 100;

    public SimulatorSettings {
        if (size < 1 || size > LARGEST) {
            throw new IllegalArgumentException("size is " + size + "; allowed is 1 to " + LARGEST);
        }
        if (!(pace >= 0) || livedDays < 0 || quota < 0) {
            throw new IllegalArgumentException("pace, days of life and quota cannot be negative");
        }
    }

    /** A thousand resources, a life of thirty days, no key, no quota; the clock begins on a Monday morning. */
    public static SimulatorSettings standard() {
        return new SimulatorSettings(
                1,
                1000,
                1,
                Instant.parse("2026-11-30T07:00:00Z"),
                30,
                "127.0.0.1",
                0,
                null,
                0,
                Duration.ofHours(4),
                Duration.ZERO,
                Duration.ZERO,
                Clock.systemUTC());
    }

    public SimulatorSettings withSeed(long value) {
        return new SimulatorSettings(
                value,
                size,
                pace,
                start,
                livedDays,
                address,
                port,
                key,
                quota,
                linkLife,
                lateness,
                longestDelta,
                source);
    }

    public SimulatorSettings withSize(long value) {
        return new SimulatorSettings(
                seed,
                value,
                pace,
                start,
                livedDays,
                address,
                port,
                key,
                quota,
                linkLife,
                lateness,
                longestDelta,
                source);
    }

    public SimulatorSettings withPace(double value) {
        return new SimulatorSettings(
                seed,
                size,
                value,
                start,
                livedDays,
                address,
                port,
                key,
                quota,
                linkLife,
                lateness,
                longestDelta,
                source);
    }

    public SimulatorSettings withStart(Instant value) {
        return new SimulatorSettings(
                seed,
                size,
                pace,
                value,
                livedDays,
                address,
                port,
                key,
                quota,
                linkLife,
                lateness,
                longestDelta,
                source);
    }

    public SimulatorSettings withLivedDays(int value) {
        return new SimulatorSettings(
                seed, size, pace, start, value, address, port, key, quota, linkLife, lateness, longestDelta, source);
    }

    public SimulatorSettings withAddress(String value) {
        return new SimulatorSettings(
                seed, size, pace, start, livedDays, value, port, key, quota, linkLife, lateness, longestDelta, source);
    }

    public SimulatorSettings withPort(int value) {
        return new SimulatorSettings(
                seed,
                size,
                pace,
                start,
                livedDays,
                address,
                value,
                key,
                quota,
                linkLife,
                lateness,
                longestDelta,
                source);
    }

    public SimulatorSettings withKey(@Nullable String value) {
        return new SimulatorSettings(
                seed,
                size,
                pace,
                start,
                livedDays,
                address,
                port,
                value,
                quota,
                linkLife,
                lateness,
                longestDelta,
                source);
    }

    public SimulatorSettings withQuota(int value) {
        return new SimulatorSettings(
                seed,
                size,
                pace,
                start,
                livedDays,
                address,
                port,
                key,
                value,
                linkLife,
                lateness,
                longestDelta,
                source);
    }

    public SimulatorSettings withLinkLife(Duration value) {
        return new SimulatorSettings(
                seed, size, pace, start, livedDays, address, port, key, quota, value, lateness, longestDelta, source);
    }

    public SimulatorSettings withLateness(Duration value) {
        return new SimulatorSettings(
                seed, size, pace, start, livedDays, address, port, key, quota, linkLife, value, longestDelta, source);
    }

    public SimulatorSettings withLongestDelta(Duration value) {
        return new SimulatorSettings(
                seed, size, pace, start, livedDays, address, port, key, quota, linkLife, lateness, value, source);
    }

    public SimulatorSettings withSource(Clock value) {
        return new SimulatorSettings(
                seed, size, pace, start, livedDays, address, port, key, quota, linkLife, lateness, longestDelta, value);
    }

    int practitioners() {
        return (int) ((size + OF_DISTRICT - 1) / OF_DISTRICT * PRACTITIONERS);
    }
}
