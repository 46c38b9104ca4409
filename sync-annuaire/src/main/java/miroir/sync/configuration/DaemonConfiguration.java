package miroir.sync.configuration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * How the daemon works.
 *
 * @param lease for how long it leads without saying so again
 * @param readers how many windows of a run are read at the same time
 * @param window how many resources a window may hold
 * @param indexesLast of how many resources on a first load is one without the indexes of searches, which are made at its end
 * @param runs how many runs go on at the same time
 * @param retry after how long a run that failed is tried again
 * @param metricsPort where {@code /metrics} is, on the loopback; 0: nowhere
 * @param keys a folder with a file for each key that sources of the console may name; null: there is none
 */
public record DaemonConfiguration(
        Duration lease,
        int readers,
        int window,
        int indexesLast,
        int runs,
        Duration retry,
        int metricsPort,
        @Nullable Path keys) {
    static final List<String> KEYS =
            List.of("lease", "readers", "window", "indexesLast", "runs", "retry", "metricsPort", "keys");

    static DaemonConfiguration read(YamlNode node) {
        node.allowOnly(KEYS.toArray(String[]::new));
        DaemonConfiguration read = new DaemonConfiguration(
                Optionals.duration(node, "lease", Duration.ofSeconds(20)),
                Optionals.integer(node, "readers", 4, 1, 64),
                Optionals.integer(node, "window", 20_000, 100, 1_000_000),
                Optionals.integer(node, "indexesLast", 100_000, 1, Integer.MAX_VALUE),
                Optionals.integer(node, "runs", 2, 1, 16),
                Optionals.duration(node, "retry", Duration.ofMinutes(5)),
                Optionals.integer(node, "metricsPort", 8081, 0, 65_535),
                Optionals.value(node, "keys", DaemonConfiguration::folder).orElse(null));
        if (read.lease.compareTo(Duration.ofSeconds(2)) < 0) {
            throw node.refuse("lease: " + read.lease + " is less than 2s");
        }
        return read;
    }

    private static Path folder(YamlNode node) {
        Path folder = Path.of(node.text());
        if (!Files.isDirectory(folder)) {
            throw node.refuse(folder + " is no folder");
        }
        return folder;
    }
}
