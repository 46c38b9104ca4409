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
 * @param body the largest resource that is validated
 */
public record ValidationConfiguration(
        boolean enabled, List<Path> packages, int concurrent, Duration timeout, int body) {
    static final List<String> KEYS = List.of("enabled", "packages", "concurrent", "timeout", "body");

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
                section.size("body", 1 << 20));
    }
}
