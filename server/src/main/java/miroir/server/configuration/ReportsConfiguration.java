package miroir.server.configuration;

import java.time.Duration;
import java.util.List;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * What is told of the directory as a whole.
 *
 * @param quality how often the report on the quality of the data is made; null: never
 */
public record ReportsConfiguration(@Nullable Duration quality) {
    private static final Duration SHORTEST = Duration.ofHours(1);

    static final List<String> KEYS = List.of("quality");

    static ReportsConfiguration read(ConfigurationFile file) {
        Section section = file.section("reports", KEYS);
        Duration quality =
                section.unless("quality", "never", YamlNode::duration, "24h").orElse(null);
        if (quality != null && quality.compareTo(SHORTEST) < 0) {
            throw section.refuse("reports.quality is " + quality + "; a report goes through everything, so allowed are "
                    + SHORTEST + " and more, or never");
        }
        return new ReportsConfiguration(quality);
    }
}
