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
    static final List<String> KEYS = List.of("quality");

    static ReportsConfiguration read(YamlNode file) {
        Section section = Section.of(file, "reports", KEYS);
        return new ReportsConfiguration(section.unless("quality", "never", YamlNode::duration, Duration.ofHours(24))
                .orElse(null));
    }
}
