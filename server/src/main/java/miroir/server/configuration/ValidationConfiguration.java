package miroir.server.configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How {@code $validate} works.
 *
 * @param enabled whether it is offered, where the validator is installed
 * @param packages NPM packages with profiles, as files
 * @param concurrent how many resources are validated at the same time
 * @param timeout how long one may take, with the wait for others
 * @param overdue how many that did not end in time leave their turn to others
 * @param body the largest resource that is validated
 * @param stored how many bytes the definitions may have that are used of those stored in this server; 0: none are used
 */
public record ValidationConfiguration(
        boolean enabled, List<Path> packages, int concurrent, Duration timeout, int overdue, int body, int stored) {
    static final List<String> KEYS =
            List.of("enabled", "packages", "concurrent", "timeout", "overdue", "body", "stored");

    public ValidationConfiguration {
        packages = List.copyOf(packages);
    }

    static ValidationConfiguration read(ConfigurationFile file) {
        Section section = file.section("validation", KEYS);
        return new ValidationConfiguration(
                section.bool("enabled", true),
                section.texts("packages").stream().map(Path::of).toList(),
                section.integer("concurrent", 1, 1, 64),
                section.duration("timeout", "60s"),
                section.integer("overdue", 1, 0, 64),
                section.size("body", "1MB"),
                section.sizeOrNone("stored", "1MB"));
    }
}
