package miroir.storage;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
 * @param searchDeadline how long a search may take at most; deadlines come with the queries, and none is later than this
 * @param dropExtraIndexes whether indexes that nothing needs are dropped, instead of being reported only
 * @param upkeep how this process looks after history; null: it leaves that to others
 * @param integrity which references have to be to something that is there
 * @param search what is done about changes of what is searched
 * @param reads which members of a replica set answer reads and searches
 */
public record MongoStoreSettings(
        String uri,
        String database,
        Set<String> types,
        boolean indexesOnFirstUse,
        ZoneId zone,
        Duration serverSelectionTimeout,
        Duration operationTimeout,
        Duration searchDeadline,
        boolean dropExtraIndexes,
        @Nullable HistoryUpkeep upkeep,
        IntegritySettings integrity,
        SearchChanges search,
        ReadMembers reads) {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration BEYOND_LIMITS = Duration.ofSeconds(10);

    public MongoStoreSettings {
        types = Set.copyOf(types);
    }

    /** Where references need not be to anything, what is searched changes as is usual, and the primary answers everything. */
    public MongoStoreSettings(
            String uri,
            String database,
            Set<String> types,
            boolean indexesOnFirstUse,
            ZoneId zone,
            Duration serverSelectionTimeout,
            Duration operationTimeout,
            Duration searchDeadline,
            boolean dropExtraIndexes,
            @Nullable HistoryUpkeep upkeep) {
        this(
                uri,
                database,
                types,
                indexesOnFirstUse,
                zone,
                serverSelectionTimeout,
                operationTimeout,
                searchDeadline,
                dropExtraIndexes,
                upkeep,
                IntegritySettings.none(),
                SearchChanges.usual(),
                ReadMembers.PRIMARY);
    }

    /** Indexes at start, Paris time, five seconds to find the database, twenty for a read or write, thirty for a search, no upkeep. */
    public static MongoStoreSettings of(String uri, String database, Set<String> types) {
        return new MongoStoreSettings(
                uri,
                database,
                types,
                false,
                ZoneId.of("Europe/Paris"),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                false,
                null);
    }

    /** The same with another zone. */
    public MongoStoreSettings withZone(ZoneId other) {
        return with(indexesOnFirstUse, other, upkeep, integrity, search, reads);
    }

    /** The same with collections and indexes made on first use. */
    public MongoStoreSettings withIndexesOnFirstUse() {
        return with(true, zone, upkeep, integrity, search, reads);
    }

    /** The same, looking after history. */
    public MongoStoreSettings withUpkeep(HistoryUpkeep other) {
        return with(indexesOnFirstUse, zone, other, integrity, search, reads);
    }

    /** The same, with references that have to be to something. */
    public MongoStoreSettings withIntegrity(IntegritySettings other) {
        return with(indexesOnFirstUse, zone, upkeep, other, search, reads);
    }

    /** The same with another manner of changing what is searched. */
    public MongoStoreSettings withSearch(SearchChanges other) {
        return with(indexesOnFirstUse, zone, upkeep, integrity, other, reads);
    }

    /** The same with reads and searches answered by others. */
    public MongoStoreSettings withReads(ReadMembers other) {
        return with(indexesOnFirstUse, zone, upkeep, integrity, search, other);
    }

    private MongoStoreSettings with(
            boolean onFirstUse,
            ZoneId otherZone,
            @Nullable HistoryUpkeep otherUpkeep,
            IntegritySettings otherIntegrity,
            SearchChanges otherSearch,
            ReadMembers otherReads) {
        return new MongoStoreSettings(
                uri,
                database,
                types,
                onFirstUse,
                otherZone,
                serverSelectionTimeout,
                operationTimeout,
                searchDeadline,
                dropExtraIndexes,
                otherUpkeep,
                otherIntegrity,
                otherSearch,
                otherReads);
    }

    /** How the driver is to behave. What the address says of concerns and preferences is not heeded: protocols are made of them. */
    public MongoClientSettings clientSettings() {
        // Ends calls whose server vanished; those that are merely slow are ended by the server itself, before this.
        Duration longest = searchDeadline.compareTo(operationTimeout) > 0 ? searchDeadline : operationTimeout;
        Duration silence = longest.plus(BEYOND_LIMITS);
        return MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(uri))
                .applicationName("miroir")
                .applyToSocketSettings(socket -> socket.connectTimeout(CONNECT.toMillis(), TimeUnit.MILLISECONDS)
                        .readTimeout(silence.toMillis(), TimeUnit.MILLISECONDS))
                .applyToClusterSettings(cluster ->
                        cluster.serverSelectionTimeout(serverSelectionTimeout.toMillis(), TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(
                        pool -> pool.maxWaitTime(operationTimeout.toMillis(), TimeUnit.MILLISECONDS))
                .writeConcern(WriteConcern.MAJORITY
                        .withJournal(true)
                        .withWTimeout(operationTimeout.toMillis(), TimeUnit.MILLISECONDS))
                .readConcern(ReadConcern.MAJORITY)
                .readPreference(ReadPreference.primary())
                .retryReads(true)
                .retryWrites(true)
                .build();
    }
}
