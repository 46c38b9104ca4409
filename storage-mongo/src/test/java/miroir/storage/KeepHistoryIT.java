package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.ContractStore;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.awaitility.Awaitility;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The job that looks after history, and that one server at a time does it. */
@ExtendWith(MongoExtension.class)
final class KeepHistoryIT {
    private static final HistoryUpkeep UPKEEP =
            new HistoryUpkeep(Duration.ofDays(400), null, Duration.ofDays(1), Duration.ofHours(1));
    private static final UpkeepCounts COUNTS = new UpkeepCounts(1, 2, 3, 4, 0);

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
            Awaitility.await().until(() -> last(database, "ended") == 1);
            BsonDocument last = job(database).getDocument("last");
            assertThat(last.getInt64("purged").getValue()).isEqualTo(1);
            assertThat(last).containsKeys("at", "took");
            assertThat(job(database)).doesNotContainKey("holder");
            assertThat(Histories.all(store, Histories.PRACTITIONERS)).containsExactly("p1/4", "p1/3", "p1/2");
        }
    }

    @Test
    void open_oneTypeIsNotReady_theOtherIsLookedAfter() {
        try (MongoResourceStore store = OpenStores.ready(test);
                StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            for (String type : ContractFields.registry().types()) {
                Histories.put(store, new ResourceKey(type, "p1"), 1);
                Histories.put(store, new ResourceKey(type, "p1"), 2);
                database.history(type).updateOne(id(1), Updates.unset("to"));
            }
        }
        BsonDocument positions = new BsonDocument("n", new BsonInt32(1));
        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            // An index that leaves something out is not taken for ours.
            database.current("Organization").dropIndex(positions);
            database.current("Organization").createIndex(positions, new IndexOptions().sparse(true));
            try (MongoResourceStore store = open(OpenStores.settings(test))) {
                Awaitility.await().until(() -> last(database, "ended") == 1);
                assertThat(store.readiness().ready()).isFalse();
                assertThat(withoutEnd(database)).isEqualTo(1);
                database.current("Organization").dropIndex(positions);
                Awaitility.await().until(() -> withoutEnd(database) == 0);
            }
        }
    }

    @Test
    void open_resourceOfWhichOnlyHistoryIsLeft_isDeletedAndGoesOnFromThere() {
        ResourceKey key = new ResourceKey("Practitioner", "p1");
        try (MongoResourceStore store = OpenStores.ready(test);
                StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            for (int i = 0; i < 3; i++) {
                Histories.put(store, key, i);
            }
            Histories.put(store, new ResourceKey("Practitioner", "p2"), 1);
            Histories.put(store, new ResourceKey("Practitioner", "p2"), 2);
            database.current("Practitioner").deleteOne(new BsonDocument("_id", new BsonString("p1")));
        }

        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(test));
                MongoResourceStore store = open(OpenStores.settings(test))) {
            Awaitility.await().until(() -> last(database, "orphans") == 1);
            // Version 3 is lost, and its number is not given again.
            ResourceVersion current = store.read(Caller.everyone(), key).orElseThrow();
            assertThat(current).isInstanceOf(ResourceVersion.Deleted.class);
            assertThat(Histories.all(store, new HistoryQuery.Resource(key))).containsExactly("p1/4", "p1/2", "p1/1");
            assertThat(store.settled(Caller.everyone(), Duration.ofSeconds(30), Deadline.in(Duration.ofMinutes(1))))
                    .isAfterOrEqualTo(current.from());
            assertThat(Histories.put(store, key, "again").version()).isEqualTo(5);
            assertThat(Histories.all(store, Histories.PRACTITIONERS)).contains("p2/2", "p2/1");
        }
    }

    @Test
    void upkeep_currentIsLost_changesNothing() {
        ResourceKey key = new ResourceKey("Practitioner", "p1");
        try (MongoResourceStore store = OpenStores.ready(test)) {
            Histories.put(store, key, "one");
            Histories.put(store, key, "two");
        }
        try (StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            database.state().deleteMany(new BsonDocument());
            RawBsonDocument old = Objects.requireNonNull(
                    database.history("Practitioner").find().first());
            database.history("Practitioner")
                    .insertMany(IntStream.range(0, 1_100)
                            .mapToObj(each -> ofOther(old, "lost-" + each))
                            .toList());

            EndOrphans endOrphans = endOrphans(database);

            assertThat(endOrphans.run("Practitioner", () -> true)).isEqualTo(UpkeepCounts.NONE);
            assertThat(database.current("Practitioner").countDocuments()).isEqualTo(1);
        }
    }

    private static RawBsonDocument ofOther(RawBsonDocument version, String id) {
        BsonDocument copy = version.decode(new BsonDocumentCodec());
        copy.getDocument("_id").put("id", new BsonString(id));
        return new RawBsonDocument(copy, new BsonDocumentCodec());
    }

    @Test
    void close_inTheMiddle_leavesTheJobToTheNext() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CommandListener stops = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommandName().equals("find")
                        && event.getCommand().getString("find").getValue().endsWith("_history")) {
                    reached.countDown();
                    await(mayGoOn);
                }
            }
        };
        OpenStores.ready(test).close();
        try (StoreDatabase watched = new StoreDatabase(OpenStores.settings(test), List.of(stops));
                StoreDatabase database = new StoreDatabase(OpenStores.settings(test))) {
            KeepHistory keepHistory = keepHistory(watched, database);
            keepHistory.start();
            reached.await();
            HoldJob other = new HoldJob(database, "history");
            assertThat(other.take(true)).isEmpty();

            keepHistory.close();

            assertThat(other.take(false)).isPresent();
            mayGoOn.countDown();
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
                Duration.ofSeconds(60),
                false,
                UPKEEP);

        MongoResourceStore store = MongoResourceStore.open(away, ContractFields.registry(), new ContractFields());
        store.close();

        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("keep-history")));
    }

    /** What looks after history of a prepared type; the repair sees another database, so as to be stopped in it. */
    private KeepHistory keepHistory(StoreDatabase ofRepair, StoreDatabase database) {
        Set<String> types = Set.of("Practitioner");
        PrepareTypes prepareTypes = prepareTypes(database, types);
        prepareTypes.start();
        return new KeepHistory(
                database,
                prepareTypes,
                endOrphans(database),
                new RepairHistory(ofRepair, new SelectErased(database), new FindEnd(database)),
                types,
                UPKEEP);
    }

    private PrepareTypes prepareTypes(StoreDatabase database, Set<String> types) {
        FollowSearch follow = new FollowSearch(
                database,
                new SameSearch(ContractFields.registry(), new ContractFields(), ContractStore.ZONE),
                OpenStores.settings(test),
                new OpenNumbers(),
                new FollowFormat(database, FormatSteps.shipped()),
                SearchTerms.usual());
        EnsureIndexes ensureIndexes = new EnsureIndexes(database, false);
        FieldsMarks marks = new FieldsMarks(database);
        MakeSearchable makeSearchable = new MakeSearchable(
                database,
                ContractStore.ZONE,
                new MongoFloors(database),
                ensureIndexes,
                marks,
                new RefreshFields(database, marks, 0, SearchTerms.usual().job()),
                follow,
                SearchTerms.usual().poll());
        return new PrepareTypes(database, ensureIndexes, follow, makeSearchable, types, false);
    }

    private static EndOrphans endOrphans(StoreDatabase database) {
        CommitClock clock = new CommitClock(database);
        OpenCommits open = new OpenCommits();
        OpenNumbers numbers = Numbers.open();
        HeldFloor floor = new HeldFloor(new MongoFloors(database), clock::now, FloorTerms.usual(), open, numbers);
        return new EndOrphans(database, new CommitVersion(database), new Commits(floor, open, numbers, clock));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long last(StoreDatabase database, String what) {
        return job(database)
                .getDocument("last", new BsonDocument())
                .getInt64(what, new BsonInt64(0))
                .getValue();
    }

    private static long withoutEnd(StoreDatabase database) {
        return ContractFields.registry().types().stream()
                .mapToLong(type -> database.history(type).countDocuments(Filters.exists("to", false)))
                .sum();
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
