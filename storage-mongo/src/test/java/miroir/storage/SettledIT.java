package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
final class SettledIT {
    private static final long OURS = FieldsNumber.beforeFirst(5) + 1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @BeforeEach
    void empty(TestDatabase database) {
        OpenStores.empty(database);
    }

    @Test
    void settled_afterAWriteOfTheSameStore_includesIt(TestDatabase database) {
        try (ResourceStore store = OpenStores.ready(database)) {
            Instant from = put(store, "p1");

            assertThat(settled(store, PATIENCE)).isAfterOrEqualTo(from);
        }
    }

    @Test
    void settled_afterAWriteOfAnotherStore_includesIt(TestDatabase database) {
        try (ResourceStore store = OpenStores.ready(database);
                ResourceStore other = OpenStores.ready(database)) {
            Instant from = put(other, "p1");

            Awaitility.await().until(() -> !settled(store, PATIENCE).isBefore(from));
        }
    }

    @Test
    void put_afterAnotherStoreAnswered_isLaterThanTheAnswer(TestDatabase database) {
        try (ResourceStore store = OpenStores.ready(database);
                ResourceStore other = OpenStores.ready(database)) {
            for (int i = 0; i < 20; i++) {
                Instant answered = settled(store, Duration.ZERO);
                assertThat(put(other, "p" + i)).isAfter(answered);
            }
        }
    }

    @Test
    void settled_withFloorOfAnother_goesNoFurther(TestDatabase database) {
        try (ResourceStore store = OpenStores.ready(database);
                StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            Instant floor = inside.primaryTime();
            Floors floors = new MongoFloors(inside);
            floors.take("another-1", promise(floor), floor.plus(Duration.ofMinutes(5)));

            assertThat(settled(store, Duration.ofMillis(20))).isEqualTo(floor);
            assertThat(floors.publish("another-1", promise(floor.plusMillis(3))))
                    .isTrue();
            assertThat(settled(store, Duration.ofMillis(20))).isEqualTo(floor.plusMillis(3));
            floors.giveUp("another-1");
            assertThat(settled(store, Duration.ZERO)).isAfter(floor.plusMillis(3));
        }
    }

    @Test
    void settled_floorOfAnotherExpired_removesItForGood(TestDatabase database) {
        try (ResourceStore store = OpenStores.ready(database);
                StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            Instant floor = inside.primaryTime().minusSeconds(1);
            Floors floors = new MongoFloors(inside);
            floors.take("another-1", promise(floor), floor);

            assertThat(settled(store, Duration.ZERO)).isAfter(floor);
            assertThat(floors.renew("another-1", promise(floor), floor.plusSeconds(60)))
                    .isFalse();
        }
    }

    @Test
    void settled_floorOfADeadServerIsTheLowest_waitsForItToExpireAndForNothingElse(TestDatabase database) {
        try (ResourceStore store = OpenStores.ready(database);
                StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            Floors floors = new MongoFloors(inside);
            Instant floor = inside.primaryTime();
            floors.take("dead-1", promise(floor), floor.plus(Duration.ofMinutes(5)));
            Instant written = put(store, "p1");

            assertThat(written).isAfter(floor);
            assertThat(settled(store, Duration.ofMillis(20))).isEqualTo(floor);
            assertThat(settled(store, Duration.ofMillis(20))).isEqualTo(floor);
            assertThat(rows(database)).containsKey("dead-1");

            expire(database, "dead-1", floor);

            assertThat(settled(store, Duration.ZERO)).isAfterOrEqualTo(written);
            assertThat(rows(database)).doesNotContainKey("dead-1");
        }
    }

    @Test
    void settled_deadServerAndNobodyWrites_goesOnOnceItHasExpired(TestDatabase database) {
        try (ResourceStore store = OpenStores.ready(database);
                StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            Floors floors = new MongoFloors(inside);
            Instant floor = inside.primaryTime();
            floors.take("dead-1", promise(floor), floor.plus(Duration.ofMinutes(5)));

            assertThat(settled(store, Duration.ofMillis(20))).isEqualTo(floor);
            expire(database, "dead-1", floor);
            Instant later = inside.primaryTime();

            assertThat(settled(store, Duration.ZERO)).isAfterOrEqualTo(later);
            assertThat(floors.publish("dead-1", promise(later)))
                    .as("it wakes and publishes")
                    .isFalse();
            assertThat(rows(database)).isEmpty();
        }
    }

    @Test
    void settled_otherStoreIsIdle_goesOnWithoutItAndItsNextWriteIsLater(TestDatabase database) {
        try (ResourceStore store = OpenStores.ready(database);
                MongoResourceStore idle = MongoResourceStore.open(
                        OpenStores.settings(database),
                        ContractFields.registry(),
                        new ContractFields(),
                        WritersMain.TERMS)) {
            OpenStores.awaitReady(idle);
            Instant first = put(idle, "p1");

            Awaitility.await().atMost(PATIENCE).until(() -> rows(database).isEmpty());
            Instant answered = settled(store, Duration.ZERO);

            assertThat(answered).isAfterOrEqualTo(first);
            assertThat(put(idle, "p2")).isAfter(answered);
        }
    }

    @Test
    void put_storeIsClosed_leavesNoRowsBehind(TestDatabase database) {
        try (ResourceStore store = OpenStores.ready(database)) {
            put(store, "p1");
        }

        assertThat(rows(database)).isEmpty();
    }

    /** What the board shows, without a look: that would remove what has expired. */
    private static BsonDocument rows(TestDatabase database) {
        List<BsonDocument> boards = new ArrayList<>();
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "miroir_floors").find().into(boards));
        assertThat(boards).hasSize(1);
        return boards.get(0).getDocument("rows");
    }

    /** As if its lease were over. */
    private static void expire(TestDatabase database, String row, Instant at) {
        OpenStores.inside(
                database,
                inside -> OpenStores.documents(inside, "miroir_floors")
                        .updateOne(
                                Filters.eq("_id", "floors"),
                                Updates.set("rows." + row + ".until", new BsonDateTime(at.toEpochMilli()))));
    }

    private static Instant settled(ResourceStore store, Duration patience) {
        return store.settled(Caller.everyone(), patience, Deadline.in(Duration.ofSeconds(60)));
    }

    private static Instant put(ResourceStore store, String id) {
        RawBsonDocument fhir = RawBsonDocument.parse("{resourceType: 'Practitioner', id: '" + id + "'}");
        return store.put(Caller.everyone(), new ResourceKey("Practitioner", id), fhir, Precondition.none())
                .current()
                .from();
    }

    @Test
    void close_rowWithALowerNumber_waitsUntilItExpires(TestDatabase database) {
        try (StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            Floors floors = new MongoFloors(inside);
            Instant now = inside.primaryTime();
            floors.take("dead-1", new Promise(now, OURS), now.plus(Duration.ofMinutes(5)));
            floors.take("other-1", new Promise(now, OURS + 1), now.plus(Duration.ofMinutes(5)));

            assertThat(floors.close(OURS)).isTrue();
            assertThat(floors.close(OURS + 1)).isFalse();
            expire(database, "dead-1", now);
            assertThat(floors.close(OURS + 1)).isTrue();
            assertThat(floors.close(OURS)).as("and all below it").isTrue();
            floors.giveUp("other-1");
        }
    }

    @Test
    void take_closedForTheNumber_putsUpNoRowAndSaysSo(TestDatabase database) {
        try (StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            Floors floors = new MongoFloors(inside);
            Instant now = inside.primaryTime();
            assertThat(floors.close(OURS + 1)).isTrue();

            FloorBoard shown = floors.take("late-1", new Promise(now, OURS), now.plus(Duration.ofMinutes(5)));

            assertThat(shown.isClosedFor(OURS)).isTrue();
            assertThat(rows(database)).isEmpty();
            assertThat(floors.take("late-2", new Promise(now, OURS + 1), now.plus(Duration.ofMinutes(5)))
                            .isClosedFor(OURS + 1))
                    .isFalse();
            assertThat(rows(database)).containsOnlyKeys("late-2");
            floors.giveUp("late-2");
        }
    }

    @Test
    void close_closedForNumbersOfAnotherDatabase_isAsIfItWereNot(TestDatabase database) {
        try (StoreDatabase inside = new StoreDatabase(OpenStores.settings(database))) {
            Floors floors = new MongoFloors(inside);
            Instant now = inside.primaryTime();
            assertThat(floors.close(FieldsNumber.beforeFirst(9) + 5)).isTrue();

            assertThat(floors.take("row-1", new Promise(now, OURS), now.plus(Duration.ofMinutes(5)))
                            .isClosedFor(OURS))
                    .isFalse();
            assertThat(floors.close(OURS)).isTrue();
            assertThat(floors.close(OURS + 1)).isFalse();
            floors.giveUp("row-1");
        }
    }

    private static Promise promise(Instant floor) {
        return new Promise(floor, 1);
    }
}
