package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.Set;
import miroir.index.store.ContractFields;
import miroir.index.store.ResourceKey;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The job that looks after history, and that one server at a time does it. */
@ExtendWith(MongoExtension.class)
final class KeepHistoryIT {
    private static final HistoryUpkeep UPKEEP =
            new HistoryUpkeep(Duration.ofDays(400), null, Duration.ofDays(1), Duration.ofHours(1));
    private static final UpkeepCounts COUNTS = new UpkeepCounts(1, 2, 3, 4);

    private final TestDatabase test;

    KeepHistoryIT(TestDatabase test) {
        this.test = test;
    }

    @BeforeEach
    void empty() {
        OpenStores.empty(test);
    }

    @Test
    void open_leftoversAndOldVersions_areLookedAfterAndReported() {
        try (MongoResourceStore store = OpenStores.ready(test);
                StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            ResourceKey key = new ResourceKey("Practitioner", "p1");
            for (int i = 0; i < 4; i++) {
                Histories.put(store, key, i);
            }
            Date longAgo = Date.from(Instant.now().minus(Duration.ofDays(500)));
            database.history("Practitioner").updateOne(id(1), Updates.set("to", longAgo));
            database.history("Practitioner").updateOne(id(3), Updates.unset("to"));
        }

        try (MongoResourceStore store = open(OpenStores.settings(test));
                StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            OpenStores.awaitReady(store);
            Awaitility.await().until(() -> job(database).containsKey("last"));
            BsonDocument last = job(database).getDocument("last");
            assertThat(last.getInt64("ended").getValue()).isEqualTo(1);
            assertThat(last.getInt64("purged").getValue()).isEqualTo(1);
            assertThat(last).containsKeys("at", "took");
            assertThat(job(database)).doesNotContainKey("holder");
            assertThat(Histories.all(store, Histories.PRACTITIONERS)).containsExactly("p1/4", "p1/3", "p1/2");
        }
    }

    @Test
    void take_heldByAnother_isFreeOnlyOnceItIsOver() {
        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            HoldJob one = new HoldJob(database, "history");
            HoldJob other = new HoldJob(database, "history");

            assertThat(one.take(true)).isPresent();
            assertThat(other.take(true)).isEmpty();
            assertThat(one.take(false)).as("by the same holder").isPresent();
            assertThat(one.keep()).isTrue();
            database.jobs().updateOne(new BsonDocument(), Updates.currentDate("until"));
            Awaitility.await().until(() -> other.take(true).isPresent());
            assertThat(one.keep()).isFalse();
        }
    }

    @Test
    void take_givenBack_isDueLaterUnlessEarly() {
        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            HoldJob one = new HoldJob(database, "history");
            HoldJob other = new HoldJob(database, "history");
            one.giveBack(Duration.ofHours(1), one.take(false).orElseThrow(), COUNTS);

            assertThat(other.take(false)).isEmpty();
            assertThat(job(database).getDocument("last").getInt64("erased").getValue())
                    .isEqualTo(3);
            Awaitility.await().until(() -> other.take(true).isPresent());
        }
    }

    @Test
    void take_time_isThePrimarys() {
        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            Instant taken = new HoldJob(database, "history").take(false).orElseThrow();

            assertThat(Instant.ofEpochMilli(job(database).getDateTime("until").getValue()))
                    .isEqualTo(taken.plus(HoldJob.LENGTH));
        }
    }

    @Test
    void close_databaseAway_holdsNothingUp() {
        MongoStoreSettings away = new MongoStoreSettings(
                "mongodb://127.0.0.1:1/?directConnection=true",
                "away",
                Set.of("Practitioner"),
                false,
                OpenStores.settings(test).zone(),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                false,
                UPKEEP);

        MongoResourceStore store = MongoResourceStore.open(away, ContractFields.registry(), new ContractFields());
        store.close();

        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("keep-history")));
    }

    private static MongoResourceStore open(MongoStoreSettings settings) {
        return MongoResourceStore.open(settings.withUpkeep(UPKEEP), ContractFields.registry(), new ContractFields());
    }

    private static BsonDocument job(StoreDatabase database) {
        return Objects.requireNonNullElse(database.jobs().find().first(), new BsonDocument());
    }

    private static BsonDocument id(long version) {
        return new BsonDocument("_id", HistoryIds.of("p1", version));
    }
}
