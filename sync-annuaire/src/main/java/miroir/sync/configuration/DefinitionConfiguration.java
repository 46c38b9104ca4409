package miroir.sync.configuration;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import miroir.index.yaml.YamlNode;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Schedule;

/** The entries of {@code synchronisations}: what is copied, how often, and what may go wrong on the way. */
final class DefinitionConfiguration {
    static final List<String> KEYS = List.of(
            "source", "type", "name", "filter", "schedule", "fullEvery", "overlap", "guard", "rejects", "priority");

    private DefinitionConfiguration() {}

    static Definition read(YamlNode node, Set<String> sources) {
        node.allowOnly(KEYS.toArray(String[]::new));
        String source = node.require("source").text();
        if (!sources.contains(source)) {
            throw node.require("source").refuse("there is no source \"" + source + "\"; there are " + sources);
        }
        String type = node.require("type").text();
        String filter =
                Optionals.parsed(node, "filter", Definition::checkedFilter).orElse("");
        String part = Optionals.text(node, "name", "");
        if (!(part.isEmpty() || Definition.isPart(part)) || part.isEmpty() != filter.isEmpty()) {
            throw node.refuse("a filter needs a name of lower-case letters, digits and hyphens, and a name a filter");
        }
        Definition plain = Definition.of(source, type);
        return new Definition(
                part.isEmpty() ? plain.name() : plain.name() + "/" + part,
                source,
                type,
                filter,
                Optionals.parsed(node, "schedule", Schedule::parse).orElse(plain.schedule()),
                Optionals.duration(node, "fullEvery", plain.fullEvery()),
                overlap(node, plain.overlap()),
                Optionals.share(node, "guard", plain.guard()),
                Optionals.share(node, "rejects", plain.rejects()),
                Optionals.integer(node, "priority", plain.priority(), 0, 1_000));
    }

    private static Duration overlap(YamlNode node, Duration otherwise) {
        Duration overlap = Optionals.duration(node, "overlap", otherwise);
        if (overlap.compareTo(Duration.ofDays(1)) > 0) {
            throw node.refuse("overlap: " + overlap + " is more than a day");
        }
        return overlap;
    }
}
