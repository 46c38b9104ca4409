package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.ContractFields;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryQuery;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every command to what is sharded has what a router of MongoDB needs, and goes to as many shards as docs/operations/sharding.md says. There is no router here: it is told by the commands. The contract of
 * the store is held against the same in {@link MongoResourceStoreIT}.
 */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ShardKeysIT {
    private static final String TYPE = "Practitioner";
    private static final ResourceKey KEY = new ResourceKey(TYPE, "p1");
    private static final String SOURCE = "annuaire/Practitioner";
    private static final Instant UP = Instant.parse("2026-09-01T10:00:00Z");
    private static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");

    private final TestDatabase test;
    private final ShardKeys keys;
    private final StoreDatabase watched;
    private final MongoResourceStore store;

    ShardKeysIT(TestDatabase test) {
        this.test = test;
        this.keys = new ShardKeys(test.name());
        MongoStoreSettings settings = OpenStores.settings(test).withIntegrity(new IntegritySettings(true, true));
        this.watched = new StoreDatabase(settings, List.of(keys));
        this.store = MongoResourceStore.open(
                watched, settings, ContractFields.registry(), new ContractFields(), FloorTerms.usual());
        OpenStores.awaitSearchable(store);
    }

    @BeforeEach
    void write() {
        OpenStores.inside(test, inside -> {
            OpenStores.documents(inside, TYPE).deleteMany(new BsonDocument());
            OpenStores.documents(inside, TYPE + "_history").deleteMany(new BsonDocument());
        });
        Histories.put(store, KEY, "one");
        Histories.put(store, KEY, "two");
    }

    @AfterEach
    void nothing_isRefused() {
        assertThat(keys.refused()).isEmpty();
    }

    @AfterAll
    void close() {
        store.close();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    @Test
    void script_shardsByWhatIsCheckedHere() throws IOException {
        assertThat(Files.readAllLines(Path.of(System.getProperty("miroir.root"), "deploy/mongodb/shard.js")))
                .contains("const CURRENT = { _id: 1 };", "const HISTORY = { _id: 1 };");
    }

    /** So that nothing is called right because nobody looks. */
    @Test
    void whatARouterWouldRefuse_isSeen() {
        ShardKeys others = new ShardKeys(test.name());
        Bson mark = Updates.set("mark", 1);
        Bson byVersion = Filters.eq("v", 2);
        try (StoreDatabase wrong = new StoreDatabase(OpenStores.settings(test), List.of(others))) {
            assertThat(others.during(() -> wrong.current(TYPE).updateOne(byVersion, mark)))
                    .containsExactly("update Practitioner ALL");
            wrong.current(TYPE).deleteOne(Filters.gt("_id", "zz"));
            wrong.current(TYPE).findOneAndUpdate(Filters.eq("_id", "p1"), mark);
            wrong.current(TYPE)
                    .aggregate(List.of(Aggregates.lookup("Organization", "a", "b", "c")))
                    .first();
            wrong.current(TYPE).updateMany(byVersion, mark);
        }

        assertThat(others.refused())
                .extracting(each -> each.substring(0, each.indexOf(':')))
                .containsExactly(
                        "of one document without its key",
                        "of one document without its key",
                        "nobody has said how a router does this",
                        "a stage that wants one collection");
    }

    @Test
    void indexes_areNotUnique_butForTheOneOnTheKey() {
        OpenStores.inside(test, inside -> {
            for (String name : inside.listCollectionNames()) {
                assertThat(inside.getCollection(name).listIndexes(BsonDocument.class))
                        .as(name)
                        .noneMatch(index -> index.containsKey("unique"));
            }
        });
    }

    @Test
    void read_asksOneShard() {
        assertThat(keys.during(() -> store.read(Caller.everyone(), KEY))).containsExactly("find Practitioner ONE");
        assertThat(keys.during(() -> store.readVersion(Caller.everyone(), KEY, 1)))
                .containsExactly("find Practitioner ONE", "find Practitioner_history ONE");
    }

    @Test
    void historyOfOneResource_isARangeOfTheKey_andALookWhetherItWasErased() {
        assertThat(keys.during(() -> Histories.all(store, new HistoryQuery.Resource(KEY))))
                .containsExactly("find Practitioner ONE", "find Practitioner_history SOME", "find Practitioner SOME");
    }

    @Test
    void write_goesToOneShardEach() {
        assertThat(keys.during(() -> Histories.put(store, KEY, "three")))
                .containsExactlyInAnyOrder(
                        "find Practitioner ONE",
                        "insert Practitioner_history ONE",
                        "update Practitioner ONE",
                        "update Practitioner_history ONE");
        assertThat(keys.during(() -> Histories.put(store, new ResourceKey(TYPE, "new"), "one")))
                .containsExactlyInAnyOrder("find Practitioner ONE", "update Practitioner ONE");
    }

    @Test
    void erasure_removesARangeOfTheKey() {
        assertThat(keys.during(() -> store.erase(Caller.everyone(), KEY)))
                .contains("update Practitioner ONE", "delete Practitioner_history SOME")
                .noneMatch(each -> each.startsWith("delete Practitioner "));
    }

    @Test
    void search_asksAllShards() {
        PageQuery query =
                new PageQuery(TYPE, new Condition.In("t_name-value", List.of(new BsonString("two"))), 0, 10, soon());
        assertThat(keys.during(() -> store.select(Caller.everyone(), query))).contains("find Practitioner ALL");
    }

    @Test
    void transaction_goesToOneShardForEachResource() {
        assertThat(keys.during(() -> store.inTransaction(Set.of(TYPE), soon(), within -> {
                    Histories.put(within, KEY, "three");
                    Histories.put(within, new ResourceKey(TYPE, "p2"), "one");
                    return within.delete(Caller.everyone(), new ResourceKey(TYPE, "none"), Precondition.none());
                })))
                .contains("insert Practitioner ONE", "update Practitioner ONE", "update Practitioner_history ONE")
                .noneMatch(each -> each.startsWith("update") && !each.endsWith("ONE"));
    }

    @Test
    void batch_isMergedByTheKey() {
        MirroredResources mirrored = store.mirrored();
        assertThat(keys.during(() -> mirrored.ingest(SOURCE, TYPE, batch("a", UP), FAR)))
                .containsExactlyInAnyOrder("find Practitioner SOME", "merge Practitioner ONE");
        assertThat(keys.during(() -> {
                    mirrored.ingest(SOURCE, TYPE, batch("b", UP.plusSeconds(1)), FAR);
                    mirrored.ingest(SOURCE, TYPE, batch("b", UP.plusSeconds(2)), FAR);
                    mirrored.remove(SOURCE, TYPE, List.of("m1"), FAR);
                }))
                .contains("update Practitioner ONE", "update Practitioner_history ONE")
                .noneMatch(each -> each.endsWith("ALL"));
    }

    private static List<Mirrored> batch(String name, Instant up) {
        return IntStream.range(0, 20)
                .mapToObj(i -> new Mirrored(
                        new ResourceKey(TYPE, "m" + i),
                        RawBsonDocument.parse("{resourceType: 'Practitioner', id: 'm" + i + "', meta: {versionId: '9',"
                                + " lastUpdated: '" + up + "'}, name: ['" + name + "']}"),
                        up))
                .toList();
    }

    @Test
    void upkeep_changesByTheKeyWhatItFound() {
        Histories.put(store, KEY, "three");
        watched.history(TYPE).updateOne(version(2), Updates.unset("to"));
        RepairHistory repair = new RepairHistory(watched, new SelectErased(watched), new FindEnd(watched));
        assertThat(keys.during(() -> repair.run(TYPE, Instant.EPOCH, () -> true)))
                .contains("find Practitioner_history ALL", "update Practitioner_history ONE");

        watched.history(TYPE).updateOne(version(1), Updates.set("to", Date.from(Instant.EPOCH)));
        HistoryUpkeep day = new HistoryUpkeep(Duration.ofDays(1), null, Duration.ofHours(1), Duration.ofHours(1));
        assertThat(keys.during(() -> new PurgeHistory(watched).run(TYPE, day, Instant.now(), () -> true)))
                .contains("delete Practitioner_history SOME");
    }

    private static Bson version(long version) {
        return Filters.eq("_id", HistoryIds.of(KEY.id(), version));
    }

    @Test
    void searchFields_areMadeAnewByTheKey() {
        long later = FieldsNumber.of(
                        Objects.requireNonNull(watched.current(TYPE).find().first()))
                + 1;
        RefreshFields refresh = new RefreshFields(watched, new FieldsMarks(watched), 0, Duration.ofSeconds(20));

        assertThat(keys.during(() -> refresh.run(TYPE, Numbers.documents(new ContractFields(), later), () -> true)))
                .contains("update Practitioner ONE", "update Practitioner_history ONE")
                .noneMatch(each -> each.startsWith("update") && !each.endsWith("ONE"));
    }
}
