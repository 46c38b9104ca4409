package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is removed from history, and what never is. */
@ExtendWith(MongoExtension.class)
final class PurgeHistoryIT {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    private final MongoResourceStore store;
    private final StoreDatabase database;
    private final PurgeHistory purgeHistory;

    PurgeHistoryIT(TestDatabase test) {
        OpenStores.empty(test);
        this.store = OpenStores.ready(test);
        this.database = new StoreDatabase(OpenStores.settings(test));
        this.purgeHistory = new PurgeHistory(database);
    }

    /** Five versions of three resources, the superseded ones ended 40, 30, 20 and 10 days ago; q is a deletion. */
    @BeforeEach
    void write() {
        for (String id : List.of("p", "pp", "q")) {
            ResourceKey key = new ResourceKey("Practitioner", id);
            for (int version = 1; version <= 4; version++) {
                Histories.put(store, key, version);
            }
            if (id.equals("q")) {
                store.delete(Caller.everyone(), key, Precondition.none());
            } else {
                Histories.put(store, key, 5);
            }
            for (int version = 1; version <= 4; version++) {
                end(id, version, NOW.minus(Duration.ofDays(50 - 10L * version)));
            }
        }
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    @Test
    void run_byAge_removesWhatEndedEarlierAndNothingElse() {
        assertThat(purge(Duration.ofDays(20), null)).isEqualTo(6);
        assertThat(history()).containsExactly("p/3", "p/4", "pp/3", "pp/4", "q/3", "q/4");
        assertThat(purge(Duration.ofDays(20), null)).isZero();
    }

    @Test
    void run_everythingTooOld_leavesCurrentAndVersionsGoOn() {
        assertThat(purge(Duration.ofDays(1), null)).isEqualTo(12);

        assertThat(history()).isEmpty();
        assertThat(Histories.all(store, Histories.PRACTITIONERS)).containsExactlyInAnyOrder("p/5", "pp/5", "q/5");
        assertThat(Histories.put(store, new ResourceKey("Practitioner", "q"), "again")
                        .version())
                .isEqualTo(6);
    }

    @Test
    void run_endMissing_staysUntilItIsRepaired() {
        database.history("Practitioner").updateOne(Filters.eq("_id", HistoryIds.of("p", 1)), Updates.unset("to"));

        purge(Duration.ofDays(1), 1);

        assertThat(history()).containsExactly("p/1");
    }

    @Test
    void run_byNumber_keepsTheNewestOfEach() {
        assertThat(purge(null, 3)).isEqualTo(3);
        assertThat(history()).containsExactly("p/2", "p/3", "p/4", "pp/2", "pp/3", "pp/4", "q/2", "q/3", "q/4");
        assertThat(purge(null, 1)).isEqualTo(6);
        assertThat(history()).containsExactly("p/4", "pp/4", "q/4");
    }

    @Test
    void run_byNumber_keepsWhatALinkMayNeed() {
        HistoryUpkeep upkeep = new HistoryUpkeep(null, 1, Duration.ofDays(25), Duration.ofHours(1));

        purgeHistory.run("Practitioner", upkeep, NOW, () -> true);

        assertThat(history()).containsExactly("p/3", "p/4", "pp/3", "pp/4", "q/3", "q/4");
    }

    @Test
    void run_forEver_removesNothing() {
        assertThat(purge(null, null)).isZero();
        assertThat(history()).hasSize(12);
    }

    @Test
    void run_stopped_removesNothing() {
        HistoryUpkeep upkeep = new HistoryUpkeep(Duration.ofDays(1), 1, Duration.ofHours(1), Duration.ofHours(1));

        assertThat(purgeHistory.run("Practitioner", upkeep, NOW, () -> false)).isEqualTo(UpkeepCounts.NONE);
    }

    private long purge(@Nullable Duration age, @Nullable Integer versions) {
        HistoryUpkeep upkeep = new HistoryUpkeep(age, versions, Duration.ofHours(1), Duration.ofHours(1));
        return purgeHistory.run("Practitioner", upkeep, NOW, () -> true).purged();
    }

    private void end(String id, int version, Instant instant) {
        database.history("Practitioner")
                .updateOne(Filters.eq("_id", HistoryIds.of(id, version)), Updates.set("to", Date.from(instant)));
    }

    private Set<String> history() {
        Set<String> versions = new TreeSet<>();
        database.history("Practitioner").find().forEach(entry -> {
            BsonDocument id = entry.getDocument("_id");
            versions.add(id.getString("id").getValue() + "/" + id.getInt64("v").getValue());
        });
        return versions;
    }
}
