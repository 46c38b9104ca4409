package miroir.server.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often somebody tried a wrong password, by name and address: who fails often waits, longer each time. By the address as well, or
 * anybody could lock out the others; what one address may fail with all names together is bounded too.
 */
final class LoginAttempts {
    private static final int FREE = 5;

    /** From one address, from which a whole hospital may come. */
    private static final int FREE_OF_ADDRESS = 50;

    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int KEPT = 10_000;

    private final InstantSource clock;
    private final Map<String, Failed> failed = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failed> eldest) {
            return size() > KEPT;
        }
    };

    private record Failed(int times, Instant last) {
        Instant until(int free) {
            int beyond = times - free;
            return beyond < 0
                    ? Instant.EPOCH
                    : last.plusSeconds(Math.min(LONGEST.toSeconds(), 1L << Math.min(beyond + 1, 20)));
        }
    }

    LoginAttempts(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Counts an attempt as failed until it has succeeded, so that of many at once no more get through than one after the other would; where it has to
     * wait nothing is counted.
     *
     * @return how many seconds it has to wait; 0: it may be tried
     */
    synchronized long begin(String name, String address) {
        long seconds = Math.max(
                wait(failed.get(key(name, address)), FREE), wait(failed.get(key("", address)), FREE_OF_ADDRESS));
        if (seconds == 0) {
            count(key(name, address));
            count(key("", address));
        }
        return seconds;
    }

    private long wait(@Nullable Failed before, int free) {
        if (before == null) {
            return 0;
        }
        long millis = Duration.between(clock.instant(), before.until(free)).toMillis();
        return millis <= 0 ? 0 : (millis + 999) / 1000;
    }

    private void count(String who) {
        Failed before = failed.get(who);
        boolean isLongAgo = before != null && before.last().plus(LONGEST).isBefore(clock.instant());
        failed.put(who, new Failed(before == null || isLongAgo ? 1 : before.times() + 1, clock.instant()));
    }

    synchronized void succeeded(String name, String address) {
        failed.remove(key(name, address));
        failed.computeIfPresent(
                key("", address),
                (who, before) -> before.times() == 1 ? null : new Failed(before.times() - 1, before.last()));
    }

    private static String key(String name, String address) {
        return ClientNetwork.of(address) + " " + name;
    }
}
