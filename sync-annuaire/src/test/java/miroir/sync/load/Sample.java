package miroir.sync.load;

import java.util.Map;

/**
 * How far a load was at a moment.
 *
 * @param seconds since the first one
 * @param stored how many resources of each type there were
 * @param daemonCpu CPU seconds of the daemon until then
 */
record Sample(double seconds, Map<String, Long> stored, double daemonCpu, double databaseCpu) {
    long stored(String type) {
        return stored.getOrDefault(type, 0L);
    }

    long storedOfAll() {
        return stored.values().stream().mapToLong(Long::longValue).sum();
    }
}
