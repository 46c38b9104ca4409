package miroir.server.configuration;

import java.time.Duration;
import java.util.List;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * How long old versions are kept.
 *
 * @param retention how long after their end; null: for ever
 * @param versions how many of one resource; null: all
 * @param upkeep how often history is repaired and old versions are removed
 */
public record HistoryConfiguration(
        @Nullable Duration retention, @Nullable Integer versions, Duration upkeep) {
    static final List<String> KEYS = List.of("retention", "versions", "upkeep");

    static HistoryConfiguration read(ConfigurationFile file, SearchConfiguration search, ExportConfiguration export) {
        Section section = file.section("history", KEYS);
        HistoryConfiguration history = new HistoryConfiguration(
                section.unless("retention", "forever", YamlNode::duration, "400d")
                        .orElse(null),
                section.unless("versions", "all", node -> node.integer(1, 1_000_000))
                        .orElse(null),
                section.duration("upkeep", "1h"));
        Duration kept = history.retention();
        if (kept != null && kept.compareTo(search.linkExpiry()) < 0) {
            throw file.refuse("history.retention is shorter than search.linkExpiry, so links to next pages would lose"
                    + " what they lead to: " + kept + " < " + search.linkExpiry());
        }
        if (kept != null && kept.compareTo(export.expiry()) < 0) {
            throw file.refuse("history.retention is shorter than export.expiry, so exports would lose what they show: "
                    + kept + " < " + export.expiry());
        }
        return history;
    }
}
