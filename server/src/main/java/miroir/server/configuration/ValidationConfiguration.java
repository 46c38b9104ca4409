package miroir.server.configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import miroir.index.yaml.YamlNode;

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

    static ValidationConfiguration read(YamlNode file) {
        Section section = Section.of(file, "validation", KEYS);
        return new ValidationConfiguration(
                section.bool("enabled", true),
                section.texts("packages").stream().map(Path::of).toList(),
                section.integer("concurrent", 1, 1, 64),
                section.duration("timeout", Duration.ofSeconds(60)),
                section.integer("overdue", 1, 0, 64),
                section.size("body", 1 << 20),
                section.sizeOrNone("stored", 1 << 20));
    }
}
