package miroir.server.configuration;

import java.time.Duration;
import java.util.List;
import miroir.storage.ReadMembers;

/**
 * The MongoDB that holds everything.
 *
 * @param uri its connection string; may hold a password, so it is never logged
 * @param name the database
 * @param serverSelectionTimeout how long to look for a primary
 * @param operationTimeout how long a read or a write of one resource may take
 * @param dropExtraIndexes whether indexes that the configuration does not ask for are dropped at the start
 * @param reads which members of a replica set answer reads and searches
 */
public record DatabaseConfiguration(
        String uri,
        String name,
        Duration serverSelectionTimeout,
        Duration operationTimeout,
        boolean dropExtraIndexes,
        ReadMembers reads) {
    static final List<String> KEYS =
            List.of("uri", "name", "serverSelectionTimeout", "operationTimeout", "dropExtraIndexes", "reads");

    static DatabaseConfiguration read(ConfigurationFile file) {
        return read(file, "mongodb://127.0.0.1:27017", "miroir");
    }

    static DatabaseConfiguration read(ConfigurationFile file, String uri, String name) {
        Section section = file.section("database", KEYS);
        return new DatabaseConfiguration(
                section.secret("uri").orElse(uri),
                section.text("name", name),
                section.duration("serverSelectionTimeout", "5s"),
                section.duration("operationTimeout", "20s"),
                section.bool("dropExtraIndexes", false),
                section.choice("reads", ReadMembers.PRIMARY));
    }

    @Override
    public String toString() {
        return "database " + name;
    }
}
