package miroir.server.configuration;

import java.time.Duration;
import java.util.List;
import miroir.index.yaml.YamlNode;

/**
 * The MongoDB that holds everything.
 *
 * @param uri its connection string; may hold a password, so it is never logged
 * @param name the database
 * @param serverSelectionTimeout how long to look for a primary
 * @param operationTimeout how long a read or a write of one resource may take
 * @param dropExtraIndexes whether indexes that the configuration does not ask for are dropped at the start
 */
public record DatabaseConfiguration(
        String uri, String name, Duration serverSelectionTimeout, Duration operationTimeout, boolean dropExtraIndexes) {
    static final List<String> KEYS =
            List.of("uri", "name", "serverSelectionTimeout", "operationTimeout", "dropExtraIndexes");

    static DatabaseConfiguration read(YamlNode file) {
        return read(file, "mongodb://127.0.0.1:27017", "miroir");
    }

    static DatabaseConfiguration read(YamlNode file, String uri, String name) {
        Section section = Section.of(file, "database", KEYS);
        return new DatabaseConfiguration(
                section.text("uri", uri),
                section.text("name", name),
                section.duration("serverSelectionTimeout", Duration.ofSeconds(5)),
                section.duration("operationTimeout", Duration.ofSeconds(20)),
                section.bool("dropExtraIndexes", false));
    }

    @Override
    public String toString() {
        return "database " + name;
    }
}
