package miroir.storage;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and how it is used.
 *
 * @param uri a MongoDB connection string
 * @param database the database of the default tenant
 * @param types the resource types that are served
 * @param indexesOnFirstUse whether a type's collections and indexes are made when it is first written, instead of at
 *     start; for installations that serve every type and use few
 * @param zone in which {@code meta.lastUpdated} is written
 * @param serverSelectionTimeout how long to look for a primary before the answer is that the database is away
 * @param operationTimeout how long a read or a write of one resource may take
 * @param dropExtraIndexes whether indexes that nothing needs are dropped, instead of being reported only
 * @param upkeep how this process looks after history; null: it leaves that to others
 */
public record MongoStoreSettings(
        String uri,
        String database,
        Set<String> types,
        boolean indexesOnFirstUse,
        ZoneId zone,
        Duration serverSelectionTimeout,
        Duration operationTimeout,
        boolean dropExtraIndexes,
        @Nullable HistoryUpkeep upkeep) {

    public MongoStoreSettings {
        types = Set.copyOf(types);
    }

    /** Indexes at start, Paris time, five seconds to find the database, twenty for one read or write, no upkeep. */
    public static MongoStoreSettings of(String uri, String database, Set<String> types) {
        return new MongoStoreSettings(
                uri,
                database,
                types,
                false,
                ZoneId.of("Europe/Paris"),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                false,
                null);
    }

    /** The same with another zone. */
    public MongoStoreSettings withZone(ZoneId other) {
        return new MongoStoreSettings(
                uri,
                database,
                types,
                indexesOnFirstUse,
                other,
                serverSelectionTimeout,
                operationTimeout,
                dropExtraIndexes,
                upkeep);
    }

    /** The same with collections and indexes made on first use. */
    public MongoStoreSettings withIndexesOnFirstUse() {
        return new MongoStoreSettings(
                uri, database, types, true, zone, serverSelectionTimeout, operationTimeout, dropExtraIndexes, upkeep);
    }

    /** The same, looking after history. */
    public MongoStoreSettings withUpkeep(HistoryUpkeep newUpkeep) {
        return new MongoStoreSettings(
                uri,
                database,
                types,
                indexesOnFirstUse,
                zone,
                serverSelectionTimeout,
                operationTimeout,
                dropExtraIndexes,
                newUpkeep);
    }
}
