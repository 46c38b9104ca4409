package miroir.server.configuration;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import miroir.index.yaml.YamlNode;

/**
 * How long old versions are kept.
 *
 * @param retention how long after their end; empty: for ever
 * @param versions how many of one resource; empty: all
 * @param upkeep how often history is repaired and old versions are removed
 */
public record HistoryConfiguration(Optional<Duration> retention, Optional<Integer> versions, Duration upkeep) {
    static final List<String> KEYS = List.of("retention", "versions", "upkeep");

    static HistoryConfiguration read(YamlNode file, SearchConfiguration search) {
        Section section = Section.of(file, "history", KEYS);
        HistoryConfiguration history = new HistoryConfiguration(
                section.unless("retention", "forever", YamlNode::duration, Duration.ofDays(400)),
                section.unless("versions", "all", node -> node.integer(1, 1_000_000)),
                section.duration("upkeep", Duration.ofHours(1)));
        history.retention
                .filter(kept -> kept.compareTo(search.linkExpiry()) < 0)
                .ifPresent(kept -> {
                    throw file.refuse(
                            "history.retention is shorter than search.linkExpiry, so links to next pages would lose"
                                    + " what they lead to: " + kept + " < " + search.linkExpiry());
                });
        return history;
    }
}
