package miroir.server.configuration;

import java.time.Duration;
import java.util.List;

/**
 * Views of SQL on FHIR.
 *
 * @param deadline how long rows may be made for one answer
 */
public record ViewsConfiguration(Duration deadline) {
    static final List<String> KEYS = List.of("deadline");

    static ViewsConfiguration read(ConfigurationFile file) {
        return new ViewsConfiguration(file.section("views", KEYS).duration("deadline", "1h"));
    }
}
